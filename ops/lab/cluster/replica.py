"""Plays the image clickhouse/clickhouse-server of the compose files where it cannot be had: the embedded engine, with the
configuration that the compose file mounts, merged as the server merges it. With REPLICA it is made a replica by
interserver_hook.py (of the folder cluster-lab); the engine holds no Keeper, so a ZooKeeper plays it: same members, same ports.
CLICKHOUSE_USER and CLICKHOUSE_PASSWORD, as in the image, name a user who may do everything."""
import ctypes, mmap, os, shutil, struct, subprocess, xml.etree.ElementTree as ET

MOUNTED, CONF = "/etc/clickhouse-server", os.environ.get("CLICKHOUSE_CONF", "/tmp/clickhouse-server")
DIR, N = os.environ.get("CLICKHOUSE_DATA", "/var/lib/clickhouse"), 1
HOST, KEEPER = os.environ.get("REPLICA"), os.environ.get("KEEPER_ID")
LISTEN = b"SYSTEM START LISTEN HTTP; SYSTEM START LISTEN TCP; SELECT count() FROM file('/dev/stdin', LineAsString) FORMAT Null"


def keeper():
    """The members of cluster.xml as a ZooKeeper ensemble."""
    server = ET.parse(f"{MOUNTED}/config.d/cluster.xml").find("keeper_server")
    data = f"{DIR}/coordination"
    os.makedirs(data, exist_ok=True)
    lines = ["tickTime=500", "initLimit=60", "syncLimit=20", f"dataDir={data}", "admin.enableServer=false", "maxClientCnxns=0",
             "maxSessionTimeout=60000", "jute.maxbuffer=10000000", "clientPort=" + server.find("tcp_port").text]
    for member in server.iter("server"):
        port = int(member.find("port").text)
        lines.append(f"server.{member.find('id').text}={member.find('hostname').text}:{port}:{port + 1}")
    open(f"{data}/zoo.cfg", "w").write("\n".join(lines) + "\n")
    open(f"{data}/myid", "w").write(KEEPER)
    subprocess.Popen(["java", "-Xmx128m", "-XX:+UseSerialGC", "-Djute.maxbuffer=10000000", "-cp", "/etc/zookeeper/conf:/usr/share/java/*",
                      "org.apache.zookeeper.server.quorum.QuorumPeerMain", f"{data}/zoo.cfg"], stdin=subprocess.DEVNULL)


def image():
    """What is mounted, and what the configuration of the image says and that of the project does not. The engine runs as the user
    "default", from its own address, whom the project takes away: it comes back after that."""
    ensemble = f"<zookeeper><sessions_path>/clickhouse/sessions_{HOST}</sessions_path></zookeeper>" if HOST else ""
    for part in ("config.d", "users.d"):
        os.makedirs(f"{CONF}/{part}", exist_ok=True)
        if os.path.isdir(f"{MOUNTED}/{part}"):
            shutil.copytree(f"{MOUNTED}/{part}", f"{CONF}/{part}", dirs_exist_ok=True)
    open(f"{CONF}/config.xml", "w").write(f"""<clickhouse>
<logger><level>warning</level><console>1</console></logger>
<users_config>{CONF}/users.xml</users_config>
<listen_host>0.0.0.0</listen_host><http_port>8123</http_port><tcp_port>9000</tcp_port><intr_port>9009</intr_port>
{ensemble}
<distributed_ddl><path>/clickhouse/task_queue/ddl</path></distributed_ddl>
<background_pool_size>4</background_pool_size><background_schedule_pool_size>24</background_schedule_pool_size>
<merge_tree><number_of_free_entries_in_pool_to_execute_mutation>1</number_of_free_entries_in_pool_to_execute_mutation>
<number_of_free_entries_in_pool_to_execute_optimize_entire_partition>1</number_of_free_entries_in_pool_to_execute_optimize_entire_partition>
<number_of_free_entries_in_pool_to_lower_max_size_of_merge>1</number_of_free_entries_in_pool_to_lower_max_size_of_merge></merge_tree>
</clickhouse>""")
    open(f"{CONF}/users.xml", "w").write("<clickhouse><profiles><default/></profiles><quotas><default/></quotas></clickhouse>")
    account = "<profile>default</profile><quota>default</quota><networks><ip>127.0.0.1</ip></networks>"
    users = f"<default><no_password/>{account}</default>"
    if name := os.environ.get("CLICKHOUSE_USER"):
        password = os.environ["CLICKHOUSE_PASSWORD"]
        users += f"<{name}><password>{password}</password>{account}<access_management>1</access_management></{name}>"
    open(f"{CONF}/users.d/zz_engine.xml", "w").write(f"<clickhouse><users>{users}</users></clickhouse>")


def users_by_sql():
    """Lets CREATE USER and GRANT work. The users of users.xml are in a storage in memory, at 0x40 of one that only reads: that gets
    the writing functions of the other, by its table of virtual functions. What is written over is checked first."""
    base = ctypes.cast(l.chdb_query_cmdline, ctypes.c_void_p).value - 0xF211700
    table, code = base + 0x2152D6D8, mmap.mmap(-1, 4096, prot=mmap.PROT_READ | mmap.PROT_WRITE | mmap.PROT_EXEC)
    at = ctypes.addressof(ctypes.c_char.from_buffer(code))
    entries = [(5, 0x9175B00, base + 0x9175C80)]  # is it only for reading? no
    for i, (slot, old, new) in enumerate([(24, 0x12DA65C0, 0x12DCCEC0), (25, 0x12DA7C00, 0x12DCD4C0), (26, 0x12DA8680, 0x12DCD540)]):
        code[32 * i:32 * i + 16] = b"\x48\x83\xc7\x40\x48\xb8" + struct.pack("<Q", base + new) + b"\xff\xe0"
        entries.append((slot, old, at + 32 * i))
    libc.mprotect.argtypes = [ctypes.c_void_p, ctypes.c_size_t, ctypes.c_int]
    assert libc.mprotect(table & ~4095, 8192, mmap.PROT_READ | mmap.PROT_WRITE) == 0
    for slot, old, new in entries:
        cell = ctypes.c_uint64.from_address(table + 8 * slot)
        assert cell.value == base + old, (slot, hex(cell.value - base))
        cell.value = new
    return code  # to be kept


def port(_, kind):
    return {1: 8123, 2: 9000, 3: 9009}[kind]


libc = ctypes.CDLL(None)
libc.signal.argtypes = [ctypes.c_int, ctypes.c_void_p]
libc.signal(15, ctypes.cast(libc._exit, ctypes.c_void_p))  # the first process of a container ignores a signal it does not handle
image()
r, w = os.pipe()
os.dup2(r, 0)  # an input that never ends
a = [b"clickhouse", b"--config-file", f"{CONF}/config.xml".encode(), b"--path", DIR.encode(), b"--query", LISTEN]
l = ctypes.CDLL(os.environ.get("CHDB_LIB", "/lab/libchdb.so"))
kept = users_by_sql()
if HOST:
    keeper()
    exec(open("/lab/interserver_hook.py").read().replace('b"127.0.0.1"', repr(HOST.encode())))
v = (ctypes.c_char_p * (len(a) + 1))(*a, None)
l.chdb_query_cmdline.restype = ctypes.c_void_p
l.chdb_query_cmdline.argtypes = [ctypes.c_int, ctypes.c_void_p]
result = l.chdb_query_cmdline(len(a), ctypes.cast(v, ctypes.c_void_p))
l.chdb_result_error.restype = ctypes.c_char_p
l.chdb_result_error.argtypes = [ctypes.c_void_p]
raise SystemExit((l.chdb_result_error(result) or b"").decode())
