"""Many messages at once: counted, written and read by the kernels a block at a time.

What a text costs and what its octets are is decided below; this package feeds blocks and collects columns, which numpy
and Arrow take without a copy.

Reference: 3GPP TS 23.040, 9.2.3.16, 9.2.3.24 and 9.2.3.24.1; 3GPP TS 23.038, 6.2
"""

from smscodec.batch._decoding import DecodedBatch, decode_many
from smscodec.batch._encoding import EncodedBatch, encode_many, encode_utf8
from smscodec.batch._measuring import BatchMeasurement, Count, measure_many, measure_utf8, segment_many

__all__ = [
    "BatchMeasurement", "Count", "DecodedBatch", "EncodedBatch", "decode_many", "encode_many", "encode_utf8",
    "measure_many", "measure_utf8", "segment_many",
]  # fmt: skip
