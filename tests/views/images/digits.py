"""The images that these tests are about."""

from playground.data import NamedSet

DIGITS = NamedSet(name="digits")
