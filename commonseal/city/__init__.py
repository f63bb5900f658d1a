"""Make a synthetic city: seeded, believable, and nobody's.

    households -> people -> work -> residents, clinics, devices, vehicles, metro, parking, cameras, voters

Every number passes the format and checksum of its kind, and cannot have been given to anybody;
`identifiers` says why for each.
"""

from commonseal.city.make import AS_OF, City, make_city
from commonseal.city.store import TableFile

__all__ = ["AS_OF", "City", "TableFile", "make_city"]
