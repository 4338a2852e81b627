"""Writes the bundled samples of `offlimits demo`: an asset register and a supplier sheet of a council that does not exist.

Run it as `python tests/make_samples.py`. The same script gives the same content; tests/test_demo.py compares it with what is committed.
Every place, price, serial and purchase is invented; makers, brands, product codes and MAC prefixes are real, so that there is something to find.
"""

from __future__ import annotations

import csv
import io
import re
import zipfile
from datetime import date, datetime
from pathlib import Path
from typing import Any

import openpyxl
from openpyxl.styles import Alignment, Border, Font, PatternFill, Side
from openpyxl.utils import get_column_letter

SAMPLES = Path(__file__).resolve().parents[1] / "src" / "offlimits" / "samples"
SAID = "INVENTED SAMPLE. Made by the offlimits project. Exampleton Borough Council does not exist; no line tells of a real place, purchase or person."
MADE = datetime(2026, 11, 23)
ZIP_EPOCH = (2026, 11, 23, 0, 0, 0)

STOREYS = (("Asset", 1, 3), ("Device", 4, 6), ("Purchase", 7, 9))
HEADER = (
    "Asset no", "Description", "Location", "Make", "Model", "MAC address", "Date bought", "Supplier", "Cost (£)", "Custodian", "Notes",
)  # fmt: skip

INSTALLER, RADIOS, NETWORK, SHOP = (
    "Brightwell Security Systems Ltd",
    "Fenwick Two-Way Communications Ltd",
    "Larkmoor Networks Ltd",
    "High Street Direct",
)

CCTV: tuple[tuple[Any, ...], ...] = (
    ("Dome camera 4MP", "Town Hall, reception", "Hikvision", "DS-2CD2143G2-I", "44:47:CC:1A:20:01", date(2021, 3, 9), INSTALLER, 148.5, ""),
    ("Dome camera 4MP", "Town Hall, council chamber", "Hikvision", "DS-2CD2143G2-I", "44:47:CC:1A:20:02", date(2021, 3, 9), INSTALLER, 148.5, ""),
    ("Network recorder 16 ch", "Town Hall, comms room", "HIK VISION", "DS-7616NI-I2/16P", "C0:56:E3:0B:77:10", date(2021, 3, 9), INSTALLER, 612, ""),
    ("Bullet camera", "Market Square, column 4", "Hikvison", "", "", date(2019, 6, 20), INSTALLER, 175, "label worn, make read from the side"),
    ("PTZ camera", "Bus station", "Dahau", "SD49425XB-HNR", "", date(2022, 5, 30), INSTALLER, 865, ""),
    ("Turret camera", "Library, entrance", "Dahua", "IPC-HDW2431T-AS-S2", "90:02:A9:5C:11:0E", date(2022, 5, 30), INSTALLER, 121, ""),
    ("Turret camera", "Library, children's area", "", "IPC-HDW2431T-AS-S2", "90:02:A9:5C:11:0F", date(2022, 5, 30), INSTALLER, 121, "make not recorded"),
    ("8-channel XVR", "Depot, gatehouse", "", "XVR5108HS-4KL-I2", "", date(2020, 11, 2), INSTALLER, 240, ""),
    ("Camera kit, 4 turrets and recorder", "Riverside community centre", "HiLook", "IPC-T262H-MU", "", date(2023, 2, 14), SHOP, 389, "grant-funded"),
    ("Wi-Fi camera", "Sheltered flats, bin store", "EZVIZ", "C3N", "", date(2022, 10, 3), SHOP, 54.99, ""),
    ("Video doorbell", "Sheltered flats, door B", "", "CS-DB2-A0-2C3WPFBR", "", date(2023, 4, 18), SHOP, 89, ""),
    ("Pan and tilt camera", "Cemetery lodge", "Imou", "Ranger 2", "", date(2021, 8, 25), SHOP, 39.99, ""),
    ("Recorder 8 ch, 4K", "Leisure centre, plant room", "Lorex", "N842A8", "", date(2019, 7, 11), SHOP, 420, ""),
    ("Recorder 8 ch, 4K", "Leisure centre, front desk", "Lorex", "N861D6", "", date(2024, 9, 2), SHOP, 465, ""),
    ("Bullet camera", "Car park B", "Uniview", "IPC2122LB-AF28K-A2", "48:EA:63:3D:9A:71", date(2020, 2, 6), INSTALLER, 132, ""),
    ("Turret camera", "Allotments, gate", "Tiandy", "TC-C32WN I5/E/Y/2.8mm/V4.1", "", date(2023, 1, 19), INSTALLER, 68, ""),
    ("Face terminal", "Depot, staff door", "", "DS-K1T671TM-3XF", "", date(2020, 9, 28), INSTALLER, 710, "bought for temperature checks"),
    ("Dome camera", "Museum, foyer", "Axis", "P3245-V", "B8:A4:4F:10:52:C3", date(2023, 6, 5), INSTALLER, 540, ""),
    ("Dome camera", "Museum, gallery 1", "Hanwha", "XNV-6080R", "", date(2023, 6, 5), INSTALLER, 395, ""),
    ("PTZ camera", "Harbour office", "Bosch", "NDP-5512-Z30", "", date(2018, 4, 17), INSTALLER, 1480, ""),
    ("Multi-sensor camera", "Town Hall, car park", "Avigilon", "20C-H4A-4MH-360", "", date(2022, 12, 1), INSTALLER, 1310, ""),
    ("Recording server", "Control room", "Dell", "PowerEdge R740", "", date(2022, 12, 1), NETWORK, 6200, "Milestone XProtect"),
    ("CCTV camera", "Underpass north", "", "", "", date(2016, 5, 4), "Oakfield Surveillance Services", 210, "no label; ask the installer"),
    ("CCTV camera", "Underpass south", "", "", "", date(2016, 5, 4), "Oakfield Surveillance Services", 210, ""),
    ("CCTV column and camera, redeployable", "Various", "", "", "", date(2017, 9, 21), "Oakfield Surveillance Services", 3850, "4G unit"),
    ("Dome camera", "Theatre, stage door", "Axis", "M3106-L Mk II", "", date(2024, 1, 15), INSTALLER, 310, "replaced our Hikvision, which went to WEEE recycling"),
    ("IP camera, no label", "Multi-storey car park, level 2", "", "", "BC-32-5F-07-A1-44", date(2020, 1, 30), INSTALLER, 95, ""),
    ("IP camera, no label", "Multi-storey car park, level 3", "", "", "DA:A1:19:3F:60:8B", date(2020, 1, 30), INSTALLER, 95, "address changes after each restart"),
)  # fmt: skip

NETWORKED: tuple[tuple[Any, ...], ...] = (
    ("PoE switch 24 port", "Depot, cabinet 2", "Huawei", "S5735-L24P4X-A", "04:B0:E7:6A:1D:55", date(2021, 10, 12), NETWORK, 890, "feeds the yard cameras"),
    ("4G router", "Pop-up library van", "ZTE", "MF286D", "", date(2022, 3, 22), NETWORK, 115, ""),
    ("USB dongle", "Housing team, pool laptop", "", "E3372", "", date(2018, 2, 1), NETWORK, 35, "spare"),
    ("DMR handheld radio", "Parking enforcement", "Hytera", "PD785G", "", date(2020, 6, 15), RADIOS, 310, "12 in use"),
    ("DMR handheld radio", "Events team", "Hytera", "PD705", "", date(2020, 6, 15), RADIOS, 265, "4 in use"),
    ("Radio repeater", "Town Hall roof", "HYT", "RD985", "", date(2017, 6, 15), RADIOS, 1450, ""),
    ("TETRA radio", "Emergency planning", "Motorola", "MTP3550", "", date(2021, 6, 1), RADIOS, 480, ""),
    ("Core switch", "Data centre", "Cisco", "C9300-48P", "", date(2023, 9, 9), NETWORK, 5400, ""),
    ("Wireless access point", "Town Hall, floor 1", "Aruba", "AP-515", "", date(2023, 9, 9), NETWORK, 390, ""),
    ("Wireless access point", "Town Hall, floor 2", "Ubiquiti", "U6-Pro", "74:83:C2:5A:10:EE", date(2023, 9, 9), NETWORK, 160, ""),
    ("Intercom panel", "Town Hall, rear gate", "", "VTO2202F-P", "", date(2021, 3, 9), INSTALLER, 260, ""),
    ("Access control system, 12 doors", "Civic centre", "", "", "", date(2015, 8, 3), "Oakfield Surveillance Services", 9400, ""),
    ("Body-worn camera", "Parking enforcement", "", "", "", date(2022, 7, 7), RADIOS, 345, "8 units"),
    ("ANPR camera", "Park and ride, entry", "", "", "", date(2019, 12, 12), "Tollgate Parking Technology Ltd", 2150, ""),
    ("Drain inspection camera", "Highways store", "", "", "", date(2018, 10, 10), "Fallow & Sons Drainage", 1900, "push rod, 60 m"),
    ("Thermal imager", "Building control", "HIKMICRO", "Pocket2", "", date(2023, 11, 20), SHOP, 399, ""),
    ("Multifunction printer", "Planning office", "Ricoh", "IM C3000", "", date(2022, 2, 2), NETWORK, 2300, "supplier states: no Huawei, ZTE or Hikvision parts"),
)  # fmt: skip

SUPPLIERS: tuple[tuple[str, str, str, str], ...] = (
    ("Hikvision UK Ltd", "HikCentral licence renewal", "ICT", "2480.00"),
    ("HIKVISION UK LIMITED", "HikCentral training place and licence", "ICT", "640.00"),
    ("Huawei Technologies (UK) Co., Ltd", "Network switch support 12 months", "ICT", "7150.00"),
    ("ZTE (UK) Limited", "4G routers x 20, library vans", "Libraries", "2300.00"),
    ("Hytera Communications (UK) Co Ltd", "PD785G radios x 12", "Parking", "3720.00"),
    ("Dahua Technology UK Limited", "Recorder firmware support", "Community Safety", "450.00"),
    (INSTALLER, "Supply 6 no. Hikvision domes, Town Hall", "Community Safety", "1188.00"),
    (INSTALLER, "2 x IPC-HFW2439SP-SA-LED-S2 and NVR5216-16P-4KS2, depot", "Environment", "1012.40"),
    (INSTALLER, "Fit DS-2DE4425IW-DE on column 9, Market Square", "Community Safety", "935.00"),
    (INSTALLER, "HiLook 5MP kit, scout hut", "Communities", "310.00"),
    (INSTALLER, "Removal of Hikvision cameras from library, disposal (WEEE)", "Libraries", "520.00"),
    (INSTALLER, "Replaced Dahua recorder with Milestone server", "Community Safety", "2890.00"),
    (INSTALLER, "CCTV maintenance Q1", "Community Safety", "4120.00"),
    (INSTALLER, "CCTV maintenance Q2", "Community Safety", "4120.00"),
    (INSTALLER, "CCTV maintenance Q3", "Community Safety", "4120.00"),
    ("Oakfield Surveillance Services", "CCTV upgrade phase 2, underpasses", "Community Safety", "18450.00"),
    ("Oakfield Surveillance Services", "Access control call-out", "Property", "310.00"),
    ("Oakfield Surveillance Services", "NVR hard disk replacement", "Community Safety", "265.00"),
    ("Tollgate Parking Technology Ltd", "ANPR camera hosting and support", "Parking", "9600.00"),
    ("Westgate Civic Solutions Ltd", "Body worn video, 8 units with docking", "Parking", "5230.00"),
    ("Kestrel Monitoring Ltd", "Surveillance camera monitoring, town centre", "Community Safety", "22300.00"),
    ("Fallow & Sons Drainage", "CCTV sewer survey, Mill Lane", "Highways", "1640.00"),
    ("Fallow & Sons Drainage", "Drain camera inspection and jetting", "Highways", "890.00"),
    ("Watchful Training Academy", "CCTV operator licence training, 4 places", "Community Safety", "1180.00"),
    ("Signal & Sign Co", "CCTV signage, car parks", "Parking", "212.00"),
    ("Huawei Culture Co., Ltd.", "Exhibition print, twin-town visit", "Museums", "760.00"),
    ("Dahua Electronics Corporation", "Laboratory balance, trading standards", "Regulatory", "1240.00"),
    ("Hikma Pharmaceuticals", "Public health supplies", "Public Health", "3300.00"),
    ("Hikari Co., Ltd.", "Precision gauge, trading standards", "Regulatory", "415.00"),
    ("ZTEST Electronics Inc.", "Circuit board assembly, museum display", "Museums", "980.00"),
    ("Hytec Inter Co., Ltd.", "Industrial ethernet converter", "ICT", "640.00"),
    ("Lorex Industries, Inc.", "Workbench fittings", "Property", "1150.00"),
    ("Tiandi Science & Technology", "Conveyor bearing, recycling plant", "Environment", "2790.00"),
    ("High Street Direct", "EZVIZ C6N camera, nursery", "Children", "34.99"),
    ("High Street Direct", "Imou Cruiser, bin store", "Housing", "59.99"),
    ("High Street Direct", "Annke C800 camera x 2, allotments", "Communities", "118.00"),
    ("High Street Direct", "Batteries and brackets", "Housing", "47.00"),
    ("Larkmoor Networks Ltd", "Huawei S5735 switch, depot", "ICT", "890.00"),
    ("Larkmoor Networks Ltd", "Cisco Catalyst support", "ICT", "4700.00"),
    ("Larkmoor Networks Ltd", "Firewall renewal, Fortinet", "ICT", "6120.00"),
    ("Larkmoor Networks Ltd", "Camera VLAN re-cabling; supplier confirms no Huawei or ZTE equipment", "ICT", "1930.00"),
    ("Fenwick Two-Way Communications Ltd", "Radio hire, summer carnival", "Events", "780.00"),
    ("Fenwick Two-Way Communications Ltd", "Hytera battery packs x 12", "Parking", "396.00"),
    ("Axis Communications (UK) Ltd", "Camera licences, museum", "Museums", "830.00"),
    ("Milestone Systems Ltd", "XProtect care plan", "Community Safety", "2660.00"),
    ("Exampleton Water", "Water, civic centre", "Property", "1904.55"),
    ("Northfield Energy plc", "Electricity, street lighting", "Highways", "48210.77"),
    ("Hillside Primary School", "Grant, breakfast club", "Children", "2500.00"),
    ("The Copper Kettle Catering Co", "Lunch, members' day", "Democratic Services", "318.00"),
    ("Ashdown Legal LLP", "Property searches", "Legal", "1420.00"),
    ("Bluebell Care Homes Ltd", "Residential placements", "Adult Care", "61340.00"),
    ("Greenway Buses Ltd", "School transport", "Children", "15870.00"),
    ("Parkside Tree Surgeons", "Tree works, Memorial Park", "Environment", "2250.00"),
    ("Quill & Ink Stationers", "Office supplies", "Property", "187.34"),
    ("Redbrick Construction Ltd", "Roof repair, community centre", "Property", "27600.00"),
    ("Silverline Cleaning Ltd", "Window cleaning, Town Hall", "Property", "640.00"),
    ("Temple Accountancy LLP", "External audit fee", "Finance", "38500.00"),
    ("Unity Software Ltd", "Planning portal licence", "Planning", "12400.00"),
    ("Valley Skip Hire", "Waste skips, depot", "Environment", "980.00"),
    ("Wren Insurance Brokers", "Fleet insurance", "Finance", "21450.00"),
)  # fmt: skip


def register() -> bytes:
    """The asset register: two sheets, the second hidden, titles above a header of two storeys."""
    book = openpyxl.Workbook()
    _fill(book.active, "CCTV", "CCTV, door entry and recorders", CCTV, "EBC-C")
    stores = book.create_sheet()
    _fill(stores, "Network", "Network, radio and instruments", NETWORKED, "EBC-N")
    stores.sheet_state = "hidden"
    book.properties.creator = "offlimits project"
    book.properties.title = "Invented asset register"
    book.properties.created = MADE
    stream = io.BytesIO()
    book.save(stream)
    return _settled(stream.getvalue())


def _fill(sheet: Any, name: str, title: str, lines: tuple[tuple[Any, ...], ...], prefix: str) -> None:
    sheet.title = name
    sheet["A1"] = f"Exampleton Borough Council: asset register, {title}"
    sheet["A1"].font = Font(bold=True, size=14)
    sheet["A2"] = SAID
    sheet["A2"].font = Font(italic=True, color="9C0006")
    _add_header(sheet)
    for number, line in enumerate(lines, start=1):
        description, place, make, model, mac, bought, supplier, cost, notes = line
        cells = (f"{prefix}{number:03}", description, place, make, model, mac, bought, supplier, cost, "(post not shown)", notes)
        for index, value in enumerate(cells, start=1):
            sheet.cell(5 + number, index, value or None)
        sheet.cell(5 + number, 7).number_format = "dd/mm/yyyy"
        sheet.cell(5 + number, 9).number_format = "#,##0.00"
    last = 5 + len(lines)
    sheet.cell(last + 1, 8, "Total").font = Font(bold=True)
    sheet.cell(last + 1, 9, f"=SUM(I6:I{last})").number_format = "#,##0.00"
    sheet.freeze_panes = "B6"


def _add_header(sheet: Any) -> None:
    line = Side(style="thin", color="808080")
    for text, first, last in STOREYS:
        sheet.cell(4, first, text)
        sheet.merge_cells(start_row=4, end_row=4, start_column=first, end_column=last)
    for index, text in enumerate(HEADER, start=1):
        upright = index > STOREYS[-1][2]
        sheet.cell(4 if upright else 5, index, text)
        if upright:
            sheet.merge_cells(start_row=4, end_row=5, start_column=index, end_column=index)
        for row in (4, 5):
            cell = sheet.cell(row, index)
            cell.font = Font(bold=True)
            cell.fill = PatternFill("solid", fgColor="D9E1F2")
            cell.border = Border(bottom=line)
            cell.alignment = Alignment(horizontal="center" if row == 4 else "left", vertical="center")
    for index, width in enumerate((11, 30, 28, 12, 24, 20, 13, 30, 11, 19, 44), start=1):
        sheet.column_dimensions[get_column_letter(index)].width = width


def _settled(content: bytes) -> bytes:
    """The same workbook with the day of saving, in its properties and in the archive, set to one fixed day."""
    stream = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(content)) as source, zipfile.ZipFile(stream, "w", zipfile.ZIP_DEFLATED) as target:
        for name in sorted(source.namelist(), key=lambda name: (name != "[Content_Types].xml", name)):
            part = source.read(name)
            if name == "docProps/core.xml":
                part = re.sub(rb"(<dcterms:modified[^>]*>)[^<]*", rb"\g<1>" + MADE.isoformat().encode() + b"Z", part)
            info = zipfile.ZipInfo(name, ZIP_EPOCH)
            info.compress_type = zipfile.ZIP_DEFLATED
            target.writestr(info, part)
    return stream.getvalue()


def suppliers() -> bytes:
    """The supplier sheet: a title row, a header, one line a payment."""
    stream = io.StringIO(newline="")
    writer = csv.writer(stream)
    writer.writerow([f"Exampleton Borough Council: payments over nothing at all. {SAID}"])
    writer.writerow(["Body", "Date", "Transaction no", "Supplier name", "Description", "Service area", "Net amount (£)"])
    for number, (supplier, description, area, amount) in enumerate(SUPPLIERS, start=1):
        paid = date(2026, 1 + number % 9, 1 + number * 7 % 28)
        writer.writerow(["Exampleton Borough Council", f"{paid:%d/%m/%Y}", f"T{260000 + number}", supplier, description, area, amount])
    return stream.getvalue().encode("utf-8")


def main() -> None:
    """Write both files into the package."""
    SAMPLES.mkdir(exist_ok=True)
    (SAMPLES / "register.xlsx").write_bytes(register())
    (SAMPLES / "suppliers.csv").write_bytes(suppliers())


if __name__ == "__main__":
    main()
