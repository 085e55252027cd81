package chserver

import (
	"bufio"
	"context"
	"errors"
	"fmt"
	"io"
	"net"
	"net/http"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"sync"
	"time"
)

const (
	// startTimeout bounds a start: half a second is usual, a large folder on a
	// busy machine takes longer.
	startTimeout = 60 * time.Second
	// closeGrace is how long Close waits before it kills: a running INSERT is
	// finished first.
	closeGrace = 30 * time.Second
)

// sessionQuery is the whole life of the server. It opens the ports, says which
// they are, and the time zone, into the pipe on descriptor 4, and then reads
// standard input until that is closed: the one way to stop it that also works
// when the parent is killed. (SIGTERM would end it without any goodbye; SIGINT
// is ignored.)
func sessionQuery(o Options) string {
	listen, tcpPort := "", "0"
	if !o.NoTCP {
		listen, tcpPort = "SYSTEM START LISTEN TCP;\n", "getServerPort('tcp_port')"
	}
	return "SYSTEM START LISTEN HTTP;\n" + listen +
		"SELECT getServerPort('http_port'), " + tcpPort + ", timezone() INTO OUTFILE '/dev/fd/4' TRUNCATE FORMAT TSVRaw;\n" +
		"SELECT count() FROM file('/dev/stdin', LineAsString) FORMAT Null"
}

// sessionGrants are the rights sessionQuery needs.
const sessionGrants = `<grants>
        <query>GRANT SYSTEM LISTEN ON *.*</query>
        <query>GRANT CREATE TEMPORARY TABLE, FILE ON *.*</query>
      </grants>`

// Server is a running engine. Its methods may be called from any goroutine.
type Server struct {
	dir               string
	httpPort, tcpPort int
	cmd               *exec.Cmd
	stdin             io.Closer
	stderr            tail
	confined          bool
	closing           sync.Once
	done              chan struct{}
	err               error // why it ended; read after done is closed
}

// Start runs an engine in o.DataDir and returns when it answers over HTTP and
// the native protocol. An error holds the end of what the engine printed.
// Cancelling ctx stops a start that is under way; a server that runs is
// stopped by Close only. A folder whose engine is still ending is waited for;
// one that is in use is an error.
func Start(ctx context.Context, o Options) (*Server, error) {
	if err := o.check(); err != nil {
		return nil, fmt.Errorf("ClickHouse options: %w", err)
	}
	dir, err := filepath.Abs(o.DataDir)
	if err != nil {
		return nil, fmt.Errorf("find data folder: %w", err)
	}
	ctx, cancel := context.WithTimeout(ctx, startTimeout)
	defer cancel()
	if err := os.MkdirAll(dir, 0o700); err != nil {
		return nil, fmt.Errorf("create data folder: %w", err)
	}
	lock, err := lockDir(ctx, dir)
	if err != nil {
		return nil, err
	}
	defer lock.Close() // the engine has its own copy by then
	config, err := writeConfig(o, configFile, usersFile, loggerXML(filepath.Join(dir, engineLog)), sessionGrants)
	if err != nil {
		return nil, err
	}
	s := &Server{dir: dir, done: make(chan struct{})}
	ready, err := s.run(o, config, lock)
	if err != nil {
		return nil, fmt.Errorf("start ClickHouse: %w", err)
	}
	defer ready.Close()
	if err := s.awaitReady(ctx, ready, o); err != nil {
		s.kill()
		return nil, fmt.Errorf("start ClickHouse in %s: %w%s", dir, err, s.stderr.quote())
	}
	return s, nil
}

// run starts the process and returns the pipe it will report its ports to.
func (s *Server) run(o Options, config string, lock *os.File) (ready *os.File, err error) {
	// The context of the start must not end the running server.
	cmd, launcher, err := engineCommand(context.Background(), o.Library, o.zone(), []string{
		"--config-file", config, "--path", storePath(s.dir), "--log-level", "warning", "--query", sessionQuery(o)})
	if err != nil {
		return nil, err
	}
	defer launcher.Close()
	ready, report, err := os.Pipe()
	if err != nil {
		return nil, err
	}
	defer report.Close()
	cmd.Dir = s.dir
	cmd.Env = append(cmd.Env, o.Env...)
	cmd.ExtraFiles = []*os.File{lock, report} // descriptors 3 and 4
	cmd.Stderr = &s.stderr
	if o.Stderr != nil {
		cmd.Stderr = io.MultiWriter(&s.stderr, o.Stderr)
	}
	if s.stdin, err = cmd.StdinPipe(); err != nil {
		_ = ready.Close()
		return nil, err
	}
	if s.confined, err = confine(cmd, o, launcher, s.dir); err == nil {
		err = cmd.Start()
	}
	if err != nil {
		_ = ready.Close()
		return nil, err
	}
	s.cmd = cmd
	go func() {
		s.err = cmd.Wait()
		close(s.done)
	}()
	return ready, nil
}

// awaitReady waits for the server's own word, then for both ports to answer.
func (s *Server) awaitReady(ctx context.Context, ready *os.File, o Options) error {
	stop := context.AfterFunc(ctx, func() { _ = ready.SetReadDeadline(time.Now()) })
	defer stop()
	line, err := bufio.NewReader(ready).ReadString('\n')
	switch {
	case ctx.Err() != nil:
		return ctx.Err()
	case errors.Is(err, io.EOF):
		<-s.done // the pipe's other end closes with the process
		return fmt.Errorf("it ended before it was ready (%v)", s.cmd.ProcessState)
	case err != nil:
		return err
	}
	var zone string
	if _, err := fmt.Sscanf(line, "%d\t%d\t%s", &s.httpPort, &s.tcpPort, &zone); err != nil {
		return fmt.Errorf("read ports from %q: %w", line, err)
	}
	if zone != o.zone() {
		return fmt.Errorf("it does not know the time zone %q and took %q: use a name such as Europe/Moscow", o.zone(), zone)
	}
	return s.ping(ctx)
}

// ping checks that HTTP answers and the native port, if any, accepts.
func (s *Server) ping(ctx context.Context) error {
	req, err := http.NewRequestWithContext(ctx, http.MethodGet, fmt.Sprintf("http://127.0.0.1:%d/ping", s.httpPort), nil)
	if err != nil {
		return err
	}
	client := http.Client{Transport: &http.Transport{DisableKeepAlives: true}} // and no proxy
	resp, err := client.Do(req)
	if err != nil {
		return fmt.Errorf("ping: %w", err)
	}
	defer resp.Body.Close()
	body, err := io.ReadAll(io.LimitReader(resp.Body, 64))
	if err != nil {
		return fmt.Errorf("ping: %w", err)
	}
	if strings.TrimSpace(string(body)) != "Ok." {
		return fmt.Errorf("ping: unexpected answer %q", body)
	}
	if s.tcpPort == 0 {
		return nil
	}
	conn, err := new(net.Dialer).DialContext(ctx, "tcp", fmt.Sprintf("127.0.0.1:%d", s.tcpPort))
	if err != nil {
		return fmt.Errorf("native port: %w", err)
	}
	return conn.Close()
}

// HTTPPort is the port of the HTTP interface on 127.0.0.1.
func (s *Server) HTTPPort() int { return s.httpPort }

// TCPPort is the port of the native protocol on 127.0.0.1, 0 with NoTCP.
func (s *Server) TCPPort() int { return s.tcpPort }

// DataDir is the absolute path of the server's folder.
func (s *Server) DataDir() string { return s.dir }

// Confined tells whether the engine sees its own folder only (Landlock). Where it does not, every user of it can read
// whatever file the user of this process can: the SQL function file() wants no right.
func (s *Server) Confined() bool { return s.confined }

// Pid is the engine's process id.
func (s *Server) Pid() int { return s.cmd.Process.Pid }

// Done is closed when the engine has ended, for whatever reason.
func (s *Server) Done() <-chan struct{} { return s.done }

// Wait blocks until the engine has ended. It returns nil after a clean stop
// and otherwise an error with the end of what the engine printed.
func (s *Server) Wait() error {
	<-s.done
	if s.err != nil {
		return fmt.Errorf("ClickHouse in %s ended: %w%s", s.dir, s.err, s.stderr.quote())
	}
	return nil
}

// Close lets running statements finish, stops the server and waits for its
// end. Close your connections to it before: for idle ones the engine waits
// 5 seconds. One that has not ended after 30 seconds is killed, which loses no
// acknowledged row. A second Close is harmless and returns the same.
func (s *Server) Close() error {
	s.closing.Do(func() {
		_ = s.stdin.Close()
		select {
		case <-s.done:
		case <-time.After(closeGrace):
			s.kill()
		}
	})
	return s.Wait()
}

// kill ends the process at once and waits for it.
func (s *Server) kill() {
	_ = s.cmd.Process.Kill()
	<-s.done
}
