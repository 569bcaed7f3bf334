"""From National Grid metres to longitude and latitude, by the Ordnance Survey's formulas.

Written out instead of called from PROJ because the answer must not depend on which PROJ, or which
of its grid files, a machine has. Source of method: Ordnance Survey, "A guide to coordinate systems
in Great Britain", annexes B and C and section 6.6 (accurate to about 5 m).
"""

import math

AIRY_A, AIRY_B = 6377563.396, 6356256.909
WGS84_A, WGS84_B = 6378137.0, 6356752.314245
SCALE = 0.9996012717
LAT_0, LON_0 = math.radians(49), math.radians(-2)
EAST_0, NORTH_0 = 400_000.0, -100_000.0
# Airy 1830 to WGS84: metres, parts per million, seconds of arc.
SHIFT_M, SCALE_PPM, TURN_S = (446.448, -125.157, 542.060), -20.4894, (0.1502, 0.2470, 0.8421)


def convert_to_longlat(east_m: float, north_m: float) -> tuple[float, float]:
    """Give the WGS84 longitude and latitude of a National Grid point, to six decimals."""
    latitude, longitude = _unproject(east_m, north_m)
    x, y, z = _shift(*_to_cartesian(latitude, longitude))
    latitude, longitude = _from_cartesian(x, y, z)
    return round(math.degrees(longitude), 6), round(math.degrees(latitude), 6)


def _meridional_arc(latitude: float) -> float:
    n = (AIRY_A - AIRY_B) / (AIRY_A + AIRY_B)
    minus, plus = latitude - LAT_0, latitude + LAT_0
    return (
        AIRY_B
        * SCALE
        * (
            (1 + n + 5 / 4 * n**2 + 5 / 4 * n**3) * minus
            - (3 * n + 3 * n**2 + 21 / 8 * n**3) * math.sin(minus) * math.cos(plus)
            + (15 / 8 * n**2 + 15 / 8 * n**3) * math.sin(2 * minus) * math.cos(2 * plus)
            - 35 / 24 * n**3 * math.sin(3 * minus) * math.cos(3 * plus)
        )
    )


def _unproject(east_m: float, north_m: float) -> tuple[float, float]:
    latitude = LAT_0
    for _ in range(8):  # far more turns than the series needs, and the same number everywhere
        gap = north_m - NORTH_0 - _meridional_arc(latitude)
        latitude += gap / (AIRY_A * SCALE)
    e2 = 1 - (AIRY_B / AIRY_A) ** 2
    bend = 1 - e2 * math.sin(latitude) ** 2
    nu, rho = AIRY_A * SCALE / math.sqrt(bend), AIRY_A * SCALE * (1 - e2) / bend**1.5
    eta2, tan2, sec = nu / rho - 1, math.tan(latitude) ** 2, 1 / math.cos(latitude)
    d = (east_m - EAST_0) / nu
    slope = math.tan(latitude) * nu / rho
    latitude -= slope * (
        d**2 / 2
        - d**4 / 24 * (5 + 3 * tan2 + eta2 - 9 * tan2 * eta2)
        + d**6 / 720 * (61 + 90 * tan2 + 45 * tan2**2)
    )
    longitude = LON_0 + sec * (
        d
        - d**3 / 6 * (nu / rho + 2 * tan2)
        + d**5 / 120 * (5 + 28 * tan2 + 24 * tan2**2)
        - d**7 / 5040 * (61 + 662 * tan2 + 1320 * tan2**2 + 720 * tan2**3)
    )
    return latitude, longitude


def _to_cartesian(latitude: float, longitude: float) -> tuple[float, float, float]:
    e2 = 1 - (AIRY_B / AIRY_A) ** 2
    nu = AIRY_A / math.sqrt(1 - e2 * math.sin(latitude) ** 2)
    flat = nu * math.cos(latitude)
    height = (1 - e2) * nu * math.sin(latitude)
    return flat * math.cos(longitude), flat * math.sin(longitude), height


def _shift(x: float, y: float, z: float) -> tuple[float, float, float]:
    rx, ry, rz = (math.radians(turn / 3600) for turn in TURN_S)
    grow = 1 + SCALE_PPM / 1e6
    return (
        SHIFT_M[0] + grow * x - rz * y + ry * z,
        SHIFT_M[1] + rz * x + grow * y - rx * z,
        SHIFT_M[2] - ry * x + rx * y + grow * z,
    )


def _from_cartesian(x: float, y: float, z: float) -> tuple[float, float]:
    e2 = 1 - (WGS84_B / WGS84_A) ** 2
    flat = math.sqrt(x * x + y * y)
    latitude = math.atan2(z, flat * (1 - e2))
    for _ in range(8):
        nu = WGS84_A / math.sqrt(1 - e2 * math.sin(latitude) ** 2)
        latitude = math.atan2(z + e2 * nu * math.sin(latitude), flat)
    return latitude, math.atan2(y, x)
