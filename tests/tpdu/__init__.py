"""Tests of smscodec.tpdu."""
