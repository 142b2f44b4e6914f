mod commands;
mod export_readers;
