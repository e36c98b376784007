"""The Chinese commercial algorithms (GB/T 39786): SM2 signatures, SM3 digests; and what is encrypted with SM4."""
