-- Which server answers, and whether several that answer at one address show each other's writes at once: in ClickHouse
-- Cloud they do for a user with select_sequential_consistency.
SELECT
    concat(hostName(), ':', toString(tcpPort()), ' ', toString(serverUUID())),
    toBool(toUInt64(getSetting('cloud_mode')) != 0 AND toUInt64(getSetting('select_sequential_consistency')) != 0)
