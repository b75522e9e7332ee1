"""Which test files judge a module: those named after what it does, the quickest to find a fault first."""

from __future__ import annotations

from pathlib import Path
from typing import Final

from tests.installed import PACKAGE

TESTS: Final = Path(__file__).parents[1]

FIELDS: Final = "error_fields errors arguments"
KERNEL_TESTS: Final = (
    "septets packing_lengths kernels utf8_buffers crossing batch encoded_batches decoded_batches lying_texts"
)

# A folder stands for all of its modules that have no line of their own.
TESTS_OF: Final = {
    "_boundaries": "boundaries kernels segmentation planning error_fields",
    "_checks": "checks arguments error_fields limits lent_buffers gsm7 udh values",
    "_kernels": "backend kernels encoded_batches",
    "_kernels/_c": "crossing segmented_message lying_texts batch kernels utf8_buffers encoded_batches backend",
    "_kernels/_c_buffers": "encoded_batches decoded_batches crossing lying_texts batch",
    "_kernels/_c_national": "kernels batch planning encoded_batches segmentation",
    "_kernels/_c_octets": "encoded_batches decoded_batches crossing segmented_message lying_texts",
    "_kernels/_in_place": "crossing backend segmented_message lying_texts batch kernels encoded_batches",
    "_kernels/_python_national": "planning encoded_batches batch segmentation",
    "_kernels/_python_octets": "decoded_batches encoded_batches segmented_message smpp septets",
    "_kernels/_python_septets": KERNEL_TESTS,
    "_kernels/columns": "lying_texts batch encoded_batches decoded_batches kernels utf8_buffers",
    "_kernels/national": "planning batch segmentation",
    "_kernels/octets": "encoded_batches decoded_batches segmented_message lying_texts batch",
    "_kernels/_python": "kernels septets packing_lengths crossing encoded_batches batch segmentation ucs2",
    "_loopback": "loopback calculator/server vonage/simulator calculator/cli_serve vonage/cli_simulate",
    "_national": "planning batch encoded_batches segmentation segmented_message segment_data conformance/text",
    "_strict_json": "strict_json vonage/readers vonage/response",
    "_values": "values tpdu/values udh userdata dcs display",
    "adapters": "adapters/columns adapters/column_errors adapters/missing_libraries",
    "adapters/arrow": "adapters/columns adapters/column_errors adapters/octets adapters/missing_libraries",
    "adapters/duckdb": "adapters/duckdb adapters/column_errors adapters/octets adapters/missing_libraries",
    "adapters/matplotlib": "adapters/matplotlib adapters/missing_libraries",
    "adapters/pandas": "adapters/pandas adapters/columns adapters/column_errors adapters/octets "
    "adapters/missing_libraries",
    "adapters/polars": "adapters/polars adapters/columns adapters/column_errors adapters/octets "
    "adapters/missing_libraries",
    "batch": "batch encoded_batches decoded_batches segment_data utf8_buffers lying_texts error_fields "
    "best_fit planning",
    "batch/_decoding": "decoded_batches error_fields lying_texts",
    "batch/_encoding": "encoded_batches error_fields lying_texts batch",
    "batch/_orders": "encoded_batches error_fields lying_texts batch",
    "calculator": "calculator/answer calculator/server calculator/cli_serve calculator/live_counter",
    "calculator/drawing": "calculator/answer calculator/server calculator/page_for_all",
    "calculator/server": "calculator/server calculator/cli_serve calculator/answer",
    "cbs": "cbs conformance/broadcasts ussd error_fields cell_broadcast_data_coding cli_broadcasts",
    "cli": "cli_usage cli cli_octets cli_safety errors",
    "cli/annotated": "tpdu/cli_annotate tpdu/cli_pasted cli_octets",
    "cli/broadcasts": "cli_broadcasts cli",
    "cli/bulk": "cli_bulk_words cli_bulk_writers cli_bulk cli_bulk_report best_fit cli_safety cli_bulk_files "
    "cli_bulk_output cli_bulk_columns",
    "cli/bulk/arrow_writers": "cli_bulk_writers cli_bulk cli_bulk_output cli_bulk_columns cli_safety",
    "cli/bulk/excel_writer": "cli_bulk_excel cli_bulk_output",
    "cli/bulk/money": "cli_bulk_money cli_bulk",
    "cli/bulk/output": "cli_bulk_writers cli_bulk cli_bulk_files cli_bulk_output cli_bulk_columns cli_safety",
    "cli/bulk/prices": "cli_bulk_money cli_bulk",
    "cli/bulk/report": "cli_bulk_report cli_bulk_output cli_bulk",
    "cli/bulk/whole_file": "cli_bulk_writers cli_bulk_report cli_bulk_output cli_bulk cli_safety",
    "cli/bulk/writers": "cli_bulk_writers cli_bulk cli_bulk_output cli_safety",
    "cli/credentials": "vonage/cli_credentials vonage/cli_vonage vonage/cli_simulate vonage/secrets",
    "cli/files": "cli_files cli_bulk_files cli_bulk cli_bulk_encodings cli_safety cli_bulk_columns cli_bulk_output",
    "cli/files/arrow_columns": "cli_files_columns cli_bulk_files cli_bulk_columns cli_bulk cli_bulk_output",
    "cli/files/encodings": "cli_files_octets cli_bulk_encodings cli_bulk_files",
    "cli/files/excel_rows": "cli_bulk_excel cli_bulk_files cli_bulk_encodings",
    "cli/files/octets": "cli_files_octets cli_files cli_files_columns cli_bulk_columns cli_bulk_encodings "
    "cli_bulk_files cli_bulk cli_bulk_output cli_safety",
    "cli/options": "cli cli_safety cli_octets cli_bulk errors",
    "cli/octets": "cli_octets tpdu/cli_annotate tpdu/cli_pasted cli_safety cli",
    "cli/pasted": "tpdu/cli_pasted tpdu/cli_annotate cli_octets",
    "cli/progress": "cli_terminal cli_bulk",
    "cli/serving": "calculator/cli_serve cli",
    "cli/reading": "cli_streams cli cli_octets cli_safety cli_bulk cli_bulk_files errors vonage/cli_vonage",
    "cli/signatures": "vonage/cli_simulate vonage/cli_vonage cli",
    "cli/simulation": "vonage/cli_simulate calculator/cli_serve cli",
    "cli/vonage": "vonage/cli_vonage vonage/cli_simulate cli",
    "cli/writing": "cli_streams cli cli_terminal cli_octets cli_bulk vonage/cli_simulate",
    "codec": "codec",
    "dcs": f"dcs cell_broadcast_data_coding conformance/messages conformance/broadcasts {FIELDS}",
    "delivery": f"delivery {FIELDS} vonage/tracking",
    "display": "display display_html cli calculator/answer",
    "display/report": "display_report cli_bulk_report",
    "display/html": "display_html calculator/answer",
    "display/svg": "display_html cli_bulk_report",
    "display/terminal": "display cli cli_safety tpdu/cli_annotate",
    "errors": "errors error_fields arguments",
    "graphemes": "grapheme boundaries",
    "gsm7": f"gsm7 gsm7_error_handlers tables conformance/text {FIELDS} codec",
    "message": f"segmented_message segment_data segmentation explain conformance/messages {FIELDS} values",
    "reassembly": f"reassembly reassembly_bounds reassembly_stateful {FIELDS}",
    "references": f"references several_processes {FIELDS}",
    "segmentation": "segmentation shorten boundaries planning segmented_message segment_data conformance/text "
    f"{FIELDS} stages lying_texts",
    "septets": f"septets packing_lengths ussd conformance/messages {FIELDS}",
    "simulator": "vonage/simulator vonage/simulator_outcomes vonage/simulator_callbacks vonage/simulator_arguments "
    "vonage/client_simulator vonage/tracking vonage/cli_simulate api",
    "simulator/arguments": "vonage/simulator_arguments vonage/simulator vonage/cli_simulate",
    "simulator/callbacks": "vonage/callback_forms vonage/simulator_callbacks vonage/simulator vonage/tracking "
    "vonage/cli_simulate",
    "simulator/delivery": "vonage/callback_forms vonage/simulator_callbacks vonage/simulator_arguments "
    "vonage/simulator vonage/simulator_outcomes vonage/tracking",
    "simulator/outcomes": "vonage/simulator_outcomes api vonage/simulator_callbacks vonage/simulator_arguments",
    "simulator/service": "vonage/simulator vonage/simulator_outcomes vonage/client_simulator",
    "simulator/records": "vonage/simulator_outcomes api vonage/simulator_callbacks vonage/simulator "
    "vonage/cli_simulate",
    "smpp": "smpp smpp_codings smpp_values smpp_receipts error_fields conformance/messages",
    "tables": "tables tables_transcribed gsm7 planning error_fields",
    "testing": "conformance/runner strategies",
    "testing/questions": "conformance/questions conformance/runner benchmarks_conformance",
    "testing/runner": "conformance/runner benchmarks_conformance",
    "testing/__main__": "conformance/runner conformance/vectors",
    "testing/strategies": "strategies_edges strategies",
    "testing/tpdus": "tpdu/strategies",
    "tpdu": "tpdu/tpdus tpdu/details tpdu/user_data tpdu/reports tpdu/values conformance/tpdus error_fields "
    "tpdu/annotation",
    "tpdu/address": f"tpdu/address tpdu/readings conformance/tpdus {FIELDS} tpdu/values tpdu/annotation",
    "tpdu/annotation": "tpdu/annotated_layouts tpdu/annotation tpdu/readings tpdu/rp tpdu/cli_annotate",
    "tpdu/_annotated_fields": "tpdu/annotated_layouts tpdu/annotation tpdu/readings tpdu/rp",
    "tpdu/_annotated_rp": "tpdu/rp tpdu/annotation tpdu/readings tpdu/cli_annotate conformance/around",
    "tpdu/_annotated_user_data": "tpdu/annotation tpdu/annotated_layouts tpdu/user_data tpdu/readings "
    "tpdu/cli_annotate conformance/around",
    "tpdu/_characters": "tpdu/characters tpdu/transcript tpdu/pdu_mode conformance/modem tpdu/storage tpdu/cli_pasted",
    "tpdu/_notes": "tpdu/annotation tpdu/user_data tpdu/cli_annotate conformance/around tpdu/readings",
    "tpdu/_pdu": f"tpdu/pdu_mode tpdu/storage conformance/modem {FIELDS} tpdu/transcript",
    "tpdu/_readings": "tpdu/readings tpdu/cli_pasted tpdu/cli_annotate",
    "tpdu/_records": f"tpdu/storage conformance/modem tpdu/annotation tpdu/readings {FIELDS}",
    "tpdu/_received": f"tpdu/user_data tpdu/tpdus tpdu/details tpdu/values tpdu/submits tpdu/reports {FIELDS}",
    "tpdu/_service_centre": f"tpdu/storage tpdu/pdu_mode conformance/modem {FIELDS} tpdu/annotation",
    "tpdu/_transcript": "tpdu/transcript tpdu/pdu_mode conformance/modem tpdu/storage tpdu/cli_pasted",
    "tpdu/_unreadable": "tpdu/unreadable tpdu/annotation tpdu/user_data tpdu/cli_annotate",
    "tpdu/deliver": f"tpdu/tpdus tpdu/readings tpdu/user_data tpdu/details tpdu/values conformance/tpdus {FIELDS}",
    "tpdu/decoding": f"tpdu/tpdus tpdu/readings tpdu/storage tpdu/details conformance/tpdus tpdu/reports {FIELDS}",
    "tpdu/hexadecimal": "tpdu/storage tpdu/pdu_mode tpdu/readings tpdu/cli_pasted",
    "tpdu/meanings": "tpdu/meanings tpdu/reports tpdu/rp conformance/modem",
    "tpdu/report": f"tpdu/reports tpdu/tpdus tpdu/user_data tpdu/values conformance/tpdus {FIELDS} tpdu/details "
    "tpdu/annotated_layouts",
    "tpdu/rp": f"tpdu/rp conformance/around {FIELDS} tpdu/annotation tpdu/readings",
    "tpdu/status": "tpdu/reports tpdu/user_data tpdu/values tpdu/tpdus",
    "tpdu/submit": f"tpdu/submits tpdu/tpdus tpdu/details tpdu/values conformance/tpdus {FIELDS} conformance/messages",
    "tpdu/timestamp": f"tpdu/timestamp tpdu/tpdus conformance/tpdus {FIELDS} tpdu/annotation",
    "tpdu/validity": f"tpdu/validity tpdu/tpdus conformance/tpdus {FIELDS} tpdu/annotation",
    "transliteration": "transliteration transliteration_laws look_alikes error_fields explain",
    "transliteration/_best_fit": "best_fit transliteration stages shorten remedies explain transliteration_laws",
    "transliteration/_explain": "explain transliteration remedies api",
    "transliteration/_remedies": "remedies explain best_fit api",
    "transliteration/_transliterate": "transliteration stages transliteration_laws look_alikes remedies values "
    "explain error_fields",
    "transliteration/_character_names": "explain remedies",
    "transliteration/_reach": "remedies shorten best_fit",
    "transliteration/_savings": "remedies shorten best_fit explain error_fields api",
    "ucs2": "ucs2 error_fields errors codec conformance/text lying_texts",
    "udh": f"udh tpdu/values udh_decisions userdata conformance/messages {FIELDS} values",
    "userdata": f"userdata tpdu/values udh_decisions segment_data foreign_frames conformance/messages {FIELDS} values "
    "tpdu/user_data",
    "vonage": "vonage/request vonage/response vonage/errors vonage/details vonage/message "
    "vonage/wrong_arguments vonage/examples api",
    "vonage/client": "vonage/client vonage/client_simulator vonage/errors vonage/secrets vonage/wrong_arguments api",
    "vonage/credentials": "vonage/request vonage/secrets vonage/signature vonage/client vonage/cli_credentials "
    "vonage/cli_vonage api",
    "vonage/http": "vonage/secrets vonage/request vonage/transport vonage/client vonage/web vonage/details api",
    "vonage/inbound": "vonage/inbound vonage/webhook vonage/webhook_fields vonage/readers vonage/details "
    "vonage/secrets api",
    "vonage/parameters": "vonage/parameters vonage/request vonage/wrong_arguments vonage/details vonage/examples",
    "vonage/response": "vonage/response vonage/errors vonage/secrets vonage/details vonage/examples api",
    "vonage/signature": "vonage/signature vonage/webhook vonage/secrets vonage/details vonage/wrong_arguments api",
    "vonage/statuses": "vonage/parameters vonage/errors vonage/response vonage/webhook vonage/tracking "
    "vonage/details api",
    "vonage/transport": "vonage/transport vonage/client vonage/secrets vonage/details vonage/wrong_arguments api",
    "vonage/web": "vonage/web vonage/webhook vonage/details vonage/wrong_arguments api",
    "vonage/webhook": "vonage/webhook vonage/webhook_fields vonage/web vonage/inbound vonage/readers vonage/details "
    "vonage/tracking vonage/wrong_arguments vonage/secrets api",
    "vonage/webhook_params": "vonage/webhook vonage/webhook_fields vonage/readers vonage/web vonage/wrong_arguments",
    "vonage/wire": "vonage/wrong_arguments vonage/message vonage/parameters vonage/readers vonage/webhook "
    "vonage/response vonage/webhook_fields vonage/request vonage/details",
    "wap": "wap wap_reading error_fields conformance/around",
}

LEFT_OUT: Final = {
    "__main__": "runs in a process of its own",
    "_version": "a number",
    "__init__": "names alone",
    "adapters/__init__": "names alone",
    "display/__init__": "names alone",
    "testing/__init__": "names alone",
    "adapters/spark": "runs in Spark's processes",
}


def modules() -> dict[str, list[str]]:
    """Every module that has something to change, by its path in the package, with its test files."""
    found = {}
    for path in sorted(PACKAGE.rglob("*.py")):
        name = path.relative_to(PACKAGE).with_suffix("").as_posix()
        if name in LEFT_OUT or path.stat().st_size == 0:
            continue
        key = name.removesuffix("/__init__")
        while key not in TESTS_OF:
            key, slash, _ = key.rpartition("/")
            if not slash:
                raise KeyError(f"{name} has no line in tests/mutation/modules.py")
        found[name] = [f"tests/{file.parent / f'test_{file.name}.py'}" for file in map(Path, TESTS_OF[key].split())]
    return found
