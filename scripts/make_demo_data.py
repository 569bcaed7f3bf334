"""Make the invented county that the demonstration is about.

Run ``python scripts/make_demo_data.py --out FOLDER``. The same files come out every time.
"""

import argparse
import sys
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parent))

from demo_data.asset_files import write_all_assets
from demo_data.county import County
from demo_data.events import write_all_events
from demo_data.figure_files import write_all_ages, write_all_answers, write_all_indices
from demo_data.geography_files import (
    write_all_boundaries,
    write_all_centroids,
    write_all_lookups,
)
from demo_data.health_files import write_all_health
from demo_data.model_files import write_all_models
from demo_data.osm_files import write_all_osm
from demo_data.setting_files import write_all_settings
from demo_data.single_years import write_all_years
from demo_data.work_files import write_all_work

WRITERS = (
    write_all_boundaries,
    write_all_lookups,
    write_all_centroids,
    write_all_ages,
    write_all_answers,
    write_all_indices,
    write_all_years,
    write_all_work,
    write_all_events,
    write_all_models,
    write_all_health,
    write_all_settings,
    write_all_osm,
    write_all_assets,
)
DEFAULT_OUT = Path(__file__).parents[1] / "params" / "demo" / "source"


def main() -> None:
    """Write the demonstration's source files into a folder."""
    parser = argparse.ArgumentParser(description="Make the invented county of the demonstration.")
    parser.add_argument("--out", type=Path, default=DEFAULT_OUT, help="folder to write to")
    out = parser.parse_args().out
    out.mkdir(parents=True, exist_ok=True)
    county = County()
    for write in WRITERS:
        write(county, out)
    for path in sorted(out.iterdir()):
        print(f"{path.name}: {path.stat().st_size:,} bytes")


if __name__ == "__main__":
    main()
