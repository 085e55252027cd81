"""Plays the image clickhouse/clickhouse-server of the compose files where it cannot be had: the embedded engine, with the
configuration that the compose file mounts, merged as the server merges it. With REPLICA it is made a replica by
interserver_hook.py (of the folder cluster-lab); the engine holds no Keeper, so a ZooKeeper plays it: same members, same ports."""
import ctypes, os, subprocess, xml.etree.ElementTree as ET

CONF, DIR, N = "/etc/clickhouse-server", "/var/lib/clickhouse", 1
HOST, KEEPER = os.environ.get("REPLICA"), os.environ.get("KEEPER_ID")
LISTEN = b"SYSTEM START LISTEN HTTP; SYSTEM START LISTEN TCP; SELECT count() FROM file('/dev/stdin', LineAsString) FORMAT Null"


def keeper():
    """The members of cluster.xml as a ZooKeeper ensemble."""
    server = ET.parse(f"{CONF}/config.d/cluster.xml").find("keeper_server")
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
    """What the configuration of the image says and that of the project does not."""
    open(f"{CONF}/config.xml", "w").write(f"""<clickhouse>
<logger><level>warning</level><console>1</console></logger>
<users_config>{CONF}/users.xml</users_config>
<listen_host>0.0.0.0</listen_host><http_port>8123</http_port><tcp_port>9000</tcp_port><intr_port>9009</intr_port>
<zookeeper><sessions_path>/clickhouse/sessions_{HOST}</sessions_path></zookeeper>
<distributed_ddl><path>/clickhouse/task_queue/ddl</path></distributed_ddl>
<background_pool_size>4</background_pool_size><background_schedule_pool_size>24</background_schedule_pool_size>
<merge_tree><number_of_free_entries_in_pool_to_execute_mutation>1</number_of_free_entries_in_pool_to_execute_mutation>
<number_of_free_entries_in_pool_to_execute_optimize_entire_partition>1</number_of_free_entries_in_pool_to_execute_optimize_entire_partition>
<number_of_free_entries_in_pool_to_lower_max_size_of_merge>1</number_of_free_entries_in_pool_to_lower_max_size_of_merge></merge_tree>
</clickhouse>""")
    open(f"{CONF}/users.xml", "w").write("<clickhouse><profiles><default/></profiles><quotas><default/></quotas><users><default>"
                                         "<password></password><networks><ip>127.0.0.1</ip></networks><profile>default</profile>"
                                         "<quota>default</quota></default></users></clickhouse>")


def port(_, kind):
    return {1: 8123, 2: 9000, 3: 9009}[kind]


libc = ctypes.CDLL(None)
libc.signal.argtypes = [ctypes.c_int, ctypes.c_void_p]
libc.signal(15, ctypes.cast(libc._exit, ctypes.c_void_p))  # the first process of a container ignores a signal it does not handle
image()
r, w = os.pipe()
os.dup2(r, 0)  # an input that never ends
a = [b"clickhouse", b"--config-file", f"{CONF}/config.xml".encode(), b"--path", DIR.encode(), b"--query", LISTEN]
l = ctypes.CDLL("/lab/libchdb.so")
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
