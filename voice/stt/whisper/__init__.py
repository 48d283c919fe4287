"""Whisper, by faster-whisper (CTranslate2)."""
