//! Join and classes, table by table.
