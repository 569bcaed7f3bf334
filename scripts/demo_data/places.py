"""Who lies in whom: output areas, LSOAs of both years, MSOAs, wards and districts.

The county is a lattice of output areas, 21 across and 12 up. LSOAs are blocks of them laid like
bricks, so that three meet at a corner. MSOAs are groups of LSOAs, and wards are drawn over the
output areas by hand so that they cut across LSOAs, as real wards do.
"""

from dataclasses import dataclass

Cell = tuple[int, int]  # column from the west, row from the south

COLUMNS, ROWS = 21, 12
COUNTRY = ("Z92000001", "England (invented figures)")
COUNTY = ("Z10000001", "Fableshire")
INKWELL = ("Z07000001", "Inkwell")
QUILLBROOK = ("Z07000002", "Quillbrook")
ELSEWHERE = ("Z07000099", "Elsewhere")
ELSEWHERE_LSOAS = 440
# The region is the county and its neighbours: the first LSOAs of Elsewhere.
REGION = ("Z12000001", "The Saltings")
ELSEWHERE_IN_REGION = 140

# North at the top. One letter is one output area; the letter says its ward.
WARD_MAP = (
    "aaaaaabbbbbbbhhhhhhkk",
    "aaaaaaabbbbbbbhhhhhkk",
    "aaaaagbbbbbbbhhhhhhhk",
    "gggggggbbccbbhhhhllll",
    "ggggggddccciihhhlllll",
    "ggggdddzccciiiiilllll",
    "fgggdddzzcciiiiilllll",
    "ffffdddddccciiiijllll",
    "fffffddeeeeeiiijjjjll",
    "ffffffeeeeeeeijjjjjjj",
    "ffffffeeeeeeejjjjjjjj",
    "fffffeeeeeeejjjjjjjjj",
)

# "z" is too small for the centre of any LSOA to fall in it; "k" gets one thinly peopled LSOA.
WARDS = {
    "a": ("Z05000001", "Footnote Fen", INKWELL),
    "b": ("Z05000002", "Bookend Hill", INKWELL),
    "c": ("Z05000003", "Lantern Quay", INKWELL),
    "d": ("Z05000004", "Paper Mill", INKWELL),
    "e": ("Z05000005", "Umbrella Wharf", INKWELL),
    "f": ("Z05000006", "Cartographer's Rest", INKWELL),
    "g": ("Z05000007", "Marginalia", INKWELL),
    "z": ("Z05000008", "Blotting Paper Isle", INKWELL),
    "h": ("Z05000009", "Bodkin & Thread", QUILLBROOK),
    "i": ("Z05000010", "Teaspoon Common", QUILLBROOK),
    "j": ("Z05000011", "Clockwork Down", QUILLBROOK),
    "k": ("Z05000012", "Semaphore Point", QUILLBROOK),
    "l": ("Z05000013", "Parchment Vale", QUILLBROOK),
}

# The villages of two eastern wards are parishes: "i" is cut in two, "l" is whole.
PARISHES = {
    "w": ("Z04000001", "Teaspoon St Withburga"),
    "e": ("Z04000002", "Teaspoon Magna"),
    "l": ("Z04000003", "Parchment Vale"),
}
PARISH_LINE = 14  # cells of ward "i" west of this column are in the first parish
POSTCODES_IN_OA = 4

# What changed between 2011 and 2021: MSOA number -> (kind of change, places of the LSOAs in it).
CHANGES = {2: ("S", (0, 1)), 5: ("M", (4,)), 8: ("S", (2, 3)), 11: ("X", (0, 1))}
FIRST_NEW_LSOA = 501
FIRST_ELSEWHERE_LSOA = 1001


@dataclass(frozen=True)
class Area:
    """A small area and the output areas that it is made of."""

    code: str
    name: str
    cells: tuple[Cell, ...]
    district: tuple[str, str]
    msoa: tuple[str, str]


@dataclass(frozen=True)
class Places:
    """All the areas of the county, and the 2011-2021 pairs (2011 code, 2021 code, change)."""

    oas: dict[Cell, str]
    lsoas_2021: tuple[Area, ...]
    lsoas_2011: tuple[Area, ...]
    pairs: tuple[tuple[str, str, str], ...]

    def wards(self) -> dict[str, list[Cell]]:
        """Give the output areas of every ward, by ward letter."""
        found: dict[str, list[Cell]] = {letter: [] for letter in WARDS}
        for cell in self.oas:
            found[WARD_MAP[ROWS - 1 - cell[1]][cell[0]]].append(cell)
        return found

    def parishes(self) -> dict[Cell, str]:
        """Give the parish letter of every output area that lies in a parish."""
        wards = self.wards()
        split = {cell: "w" if cell[0] < PARISH_LINE else "e" for cell in wards["i"]}
        return split | dict.fromkeys(wards["l"], "l")


def lay_out_places() -> Places:
    """Lay out the county's areas and name them."""
    now: list[Area] = []
    then: list[Area] = []
    pairs: list[tuple[str, str, str]] = []
    new_codes = iter(range(FIRST_NEW_LSOA, FIRST_ELSEWHERE_LSOA))
    for number, (district, blocks) in enumerate(_group_into_msoas(), start=1):
        rank = number if district is INKWELL else number - 6
        msoa = (f"Z02{number:06d}", f"{district[1]} {rank:03d}")
        older, newer, links = _match_blocks(blocks, *CHANGES.get(number, ("U", ())))
        first = len(then)
        for place, cells in enumerate(older):
            code, name = f"Z01{first + place + 1:06d}", f"{msoa[1]}{'ABCDEFGHIJ'[place]}"
            then.append(Area(code, name, cells, district, msoa))
        spare = iter("ABCDEFGHIJ"[len(older) :])
        for place, cells in enumerate(newer):
            sources = [(old, change) for old, new, change in links if new == place]
            old = then[first + sources[0][0]]
            code, name = old.code, old.name
            if sources[0][1] != "U":
                code, name = f"Z01{next(new_codes):06d}", f"{msoa[1]}{next(spare)}"
            now.append(Area(code, name, cells, district, msoa))
            pairs += [(then[first + source].code, code, change) for source, change in sources]
    cells = [cell for area in now for cell in area.cells]
    oas = {cell: f"Z00{index:06d}" for index, cell in enumerate(cells, start=1)}
    return Places(oas, tuple(now), tuple(then), tuple(sorted(pairs)))


def _group_into_msoas() -> list[tuple[tuple[str, str], list[tuple[Cell, ...]]]]:
    """Group LSOA blocks into MSOAs: six of six blocks in the west, six of four in the east."""
    groups = []
    for district, bands in ((INKWELL, ((0, 3), (3, 6))), (QUILLBROOK, ((6, 8), (8, 10)))):
        for pair in range(3):
            for start, end in bands:
                rows = (2 * pair, 2 * pair + 1)
                blocks = [_lay_block(row, place) for row in rows for place in range(start, end)]
                groups.append((district, blocks))
    return groups


def _lay_block(row: int, place: int) -> tuple[Cell, ...]:
    """Give the output areas of one LSOA block; every other row of bricks is shifted by one."""
    shift = row % 2
    start = 2 * place + (shift if place else 0)
    end = 2 * place + 2 + shift if place < 9 else COLUMNS
    return tuple((column, y) for y in (2 * row, 2 * row + 1) for column in range(start, end))


def _match_blocks(
    blocks: list[tuple[Cell, ...]], change: str, places: tuple[int, ...]
) -> tuple[list[tuple[Cell, ...]], list[tuple[Cell, ...]], list[tuple[int, int, str]]]:
    """Give an MSOA's LSOAs in 2011 and in 2021, and the links between them (old, new, change)."""
    kept = [block for place, block in enumerate(blocks) if place not in places]
    changed = [blocks[place] for place in places]
    links = [(place, place, "U") for place in range(len(kept))]
    n = len(kept)
    if change == "S":  # one LSOA of 2011 became two
        whole = changed[0] + changed[1]
        return [*kept, whole], kept + changed, [*links, (n, n, "S"), (n, n + 1, "S")]
    if change == "M":  # two of 2011 became one
        west = tuple(cell for cell in changed[0] if cell[0] == changed[0][0][0])
        east = tuple(cell for cell in changed[0] if cell not in west)
        return [*kept, west, east], kept + changed, [*links, (n, n, "M"), (n + 1, n, "M")]
    if change == "X":  # the border between two moved: one output area changed sides
        moved = next(cell for cell in changed[1] if cell[0] == changed[1][0][0])
        wider = (*changed[0], moved)
        narrower = tuple(cell for cell in changed[1] if cell != moved)
        pairs = [(n, n, "X"), (n, n + 1, "X"), (n + 1, n + 1, "X")]
        return [*kept, wider, narrower], kept + changed, links + pairs
    return kept, kept, links
