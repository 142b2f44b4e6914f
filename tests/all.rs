mod export_readers;
