"""The evidence ledger: what each stage shows, under ids that findings and recommendations cite."""
