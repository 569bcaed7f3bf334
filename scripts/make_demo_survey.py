"""Make the invented answers of the demonstration's residents' survey.

Run ``python scripts/make_demo_survey.py --out FOLDER``. The same files come out every time.
"""

import argparse
import sys
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parent))

from demo_data.survey_files import write_survey

DEFAULT_OUT = Path(__file__).parents[1] / "params" / "demo" / "survey"


def main() -> None:
    """Write both waves into a folder."""
    parser = argparse.ArgumentParser(description="Make the answers of an invented survey.")
    parser.add_argument("--out", type=Path, default=DEFAULT_OUT, help="folder to write to")
    write_survey(parser.parse_args().out)


if __name__ == "__main__":
    main()
