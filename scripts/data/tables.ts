import { fileURLToPath } from "node:url";

/** The folder `data/` of this repository. */
export const DATA_FOLDER: string = fileURLToPath(new URL("../../data/", import.meta.url));

/** Columns of each table in `data/`, in order. The first one is the key that the rows are sorted by. */
export const COLUMNS = {
  "berlin-stops.csv": ["ifopt", "vbb_id", "name", "latitude", "longitude", "serial"],
  "gbt2260-divisions.csv": ["code", "name", "province", "prefecture"],
  "gbt2260-history.csv": ["code", "name", "from_year", "until_year", "province"],
  "shijiazhuang-committees.csv": [
    "code12",
    "name",
    "street_code9",
    "street_name",
    "county_code6",
    "county_name",
  ],
  "shijiazhuang-departments.csv": ["code", "name_zh", "name_en", "source"],
  "statistical-divisions.csv": ["code12", "name", "province", "prefecture"],
} as const;

/** File name of a table in `data/`. */
export type TableName = keyof typeof COLUMNS;
