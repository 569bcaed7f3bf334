"""Services in the form of Open Referral UK (HSDS-UK 3): checked, read and written."""

from cip.assets.open_referral.check import validate_services
from cip.assets.open_referral.reading import import_services
from cip.assets.open_referral.vocabulary import build_taxonomies
from cip.assets.open_referral.writing import export_services, write_services

__all__ = [
    "build_taxonomies",
    "export_services",
    "import_services",
    "validate_services",
    "write_services",
]
