"""DuckDB's way into a bucket: the extension httpfs, as PyPI has it, and the environment that dtstream is given."""

import os
from pathlib import Path


def open_bucket(database):
    import duckdb_extension_httpfs

    (extension,) = Path(duckdb_extension_httpfs.__file__).parent.glob("extensions/*/httpfs.duckdb_extension")
    database.execute(f"LOAD '{extension}'")
    host = os.environ["AWS_ENDPOINT_URL"].removeprefix("http://")
    key, secret = os.environ["AWS_ACCESS_KEY_ID"], os.environ["AWS_SECRET_ACCESS_KEY"]
    database.execute(
        f"""CREATE SECRET (TYPE s3, KEY_ID '{key}', SECRET '{secret}', REGION 'us-east-1',
            ENDPOINT '{host}', URL_STYLE 'path', USE_SSL false)"""
    )
