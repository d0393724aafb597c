import pytest

from ingest.addresses import public_address, short_address


@pytest.mark.parametrize(
    ("address", "public", "short"),
    [
        ("https://a.org/x?v=1#t=2", "https://a.org/x?v=1#t=2", "https://a.org/x"),
        ("https://me:p@ss@a.org:8/x?v=1", "https://a.org:8/x?v=1", "https://a.org:8/x"),
        ("http://a.org/x#__youtubedl_smuggle=%7B%7D", "http://a.org/x", "http://a.org/x"),
        ("http://[half/x", "", ""),
    ],
)
def test_secrets_are_left_out(address: str, public: str, short: str):
    assert (public_address(address), short_address(address)) == (public, short)
