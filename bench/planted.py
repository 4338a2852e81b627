"""Lines planted by us into a real month of a council's spending: how many are found, and what else is."""

from __future__ import annotations

import csv
import gzip
import random
import tempfile
from datetime import date
from pathlib import Path

from data import data_folder

from offlimits import screen

MONTH = "procurement/council_spend/sheffield/2016-07.csv.gz"
SUPPLIERS = (
    "HIKVISION UK LIMITED", "HIK VISION UK LTD", "Hik-Vision Europe BV", "Hangzhou Hikvision Digital Technology Co Ltd", "DAHUA TECHNOLOGY UK LTD", "Dahua Tech",
    "Dahau Technology", "HUAWEI TECHNOLOGIES (UK) CO LTD", "Huawei UK Limited", "Huwaei Technologies UK", "ZTE CORPORATION", "ZTE (UK) LIMITED", "HYTERA COMMUNICATIONS UK LTD",
    "Zhejiang Uniview Technologies Co., Ltd.", "UNIVIEW TECHNOLOGIES", "TIANDY TECHNOLOGIES CO LTD", "EZVIZ INTERNATIONAL LTD", "HIKMICRO SENSING", "海康威视", "浙江大华技术股份有限公司", "华为技术有限公司",
)  # fmt: skip
GOODS = (
    "DS-2CD2143G2-I DOME CAMERA X4", "DS-7608NI-K2/8P RECORDER", "iDS-2CD7A46G0/P-IZHS", "HIKVISION 8CH NVR", "hikvison turret cam", "HILOOK IPC-B140H", "EZVIZ C6N", "CS-C3W CAMERA EZVIZ",
    "DAHUA IPC-HDW2431T-AS-S2", "DH-IPC-HFW2431S", "NVR5216-4KS2 DAHUA", "IMOU BULLET CAMERA", "HUAWEI E5577 MIFI", "ZTE MF283 ROUTER", "HYTERA PD785 RADIO", "TIANDY TC-C32GN", "UNIVIEW IPC3614 CAMERA",
    "MAC 44:19:B6:11:22:33", "4xDahua dome",
)  # fmt: skip


def main() -> None:
    """Plant, screen, print what was missed and what else was found."""
    folder = data_folder(MONTH)
    if folder is None:
        return
    with gzip.open(folder, "rt", encoding="utf-8", errors="replace", newline="") as stream:
        rows = list(csv.reader(stream))
    head = rows[0]
    planted: dict[int, str] = {}
    for number, text in zip(random.Random(5).sample(range(1, len(rows)), len(SUPPLIERS) + len(GOODS)), (*SUPPLIERS, *GOODS), strict=True):
        rows[number][head.index("Supplier Name" if text in SUPPLIERS else "Expense Code Description")] = text
        planted[number + 1] = text
    with tempfile.TemporaryDirectory() as away:
        path = Path(away) / "month.csv"
        with path.open("w", newline="", encoding="utf-8") as stream:
            csv.writer(stream).writerows(rows)
        report = screen([path], as_of=date(2026, 11, 23), profile="uk-local-authority")
    found = {finding.at.line: finding for finding in report.findings if finding.strength != "possible"}
    source = report.sources[0]
    print(
        f"planted {len(planted)}, found {len(planted.keys() & found.keys())}, missed {[planted[line] for line in planted.keys() - found.keys()]}"
    )
    print(f"findings at likely or above on lines that were not planted: {len(found.keys() - planted.keys())}")
    print(f"conservation: {source.units} = {source.entries} + {source.rejects} + {source.skipped}; leads {len(report.leads)}")


if __name__ == "__main__":
    main()
