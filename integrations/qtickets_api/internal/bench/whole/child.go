package main

import (
	"bufio"
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"os/exec"
	"strconv"
	"strings"
	"syscall"
	"time"
)

// cost is what one process took.
type cost struct {
	cpu    time.Duration // user and system
	wall   time.Duration
	peak   int64         // bytes resident at most
	engine time.Duration // CPU of ClickHouse until it was done with the consequences; only growth looks at it
	api    time.Duration // CPU of the simulator, which is this process, meanwhile; only growth looks at it
}

// run starts a program, waits for it, and gives its cost and what it printed.
func run(ctx context.Context, env []string, program string, arguments ...string) (cost, string, error) {
	var stdout, stderr bytes.Buffer
	command := exec.CommandContext(ctx, program, arguments...)
	command.Env, command.Stdout, command.Stderr = env, &stdout, &stderr
	started := time.Now()
	if err := command.Start(); err != nil {
		return cost{}, "", err
	}
	ended := make(chan struct{})
	peak := make(chan int64)
	go func() { peak <- samplePeak(command.Process.Pid, ended) }()
	err := command.Wait()
	c := cost{wall: time.Since(started)}
	close(ended)
	c.peak = <-peak
	if err != nil {
		return c, "", fmt.Errorf("%s: %w: %s", program, err, strings.TrimSpace(stderr.String()))
	}
	c.cpu = command.ProcessState.UserTime() + command.ProcessState.SystemTime()
	return c, stdout.String(), nil
}

// samplePeak reads the peak of a process until it ends. The kernel's own figure at the end (ru_maxrss) will not
// do: it includes what this process held when it started the child.
func samplePeak(pid int, ended <-chan struct{}) int64 {
	tick := time.NewTicker(5 * time.Millisecond)
	defer tick.Stop()
	var peak int64
	for {
		peak = max(peak, residentPeak(pid))
		select {
		case <-ended:
			return peak
		case <-tick.C:
		}
	}
}

// residentPeak is VmHWM, 0 when the process is gone.
func residentPeak(pid int) int64 {
	text, err := os.ReadFile(fmt.Sprintf("/proc/%d/status", pid))
	if err != nil {
		return 0
	}
	lines := bufio.NewScanner(bytes.NewReader(text))
	for lines.Scan() {
		if value, ok := strings.CutPrefix(lines.Text(), "VmHWM:"); ok {
			kilobytes, _ := strconv.ParseInt(strings.TrimSpace(strings.TrimSuffix(value, "kB")), 10, 64)
			return kilobytes << 10
		}
	}
	return 0
}

// serving is a loader's "serve" under way.
type serving struct {
	command *exec.Cmd
	url     string // ends with a slash
	log     *bufio.Reader
}

// serve starts one on a free port, without the page.
func serve(ctx context.Context, env []string, program string) (*serving, error) {
	s := &serving{command: exec.CommandContext(ctx, program, "serve", "--listen", "127.0.0.1:0", "--no-page")}
	s.command.Env = env
	stdout, err := s.command.StdoutPipe()
	if err != nil {
		return nil, err
	}
	stderr, err := s.command.StderrPipe()
	if err != nil {
		return nil, err
	}
	s.log = bufio.NewReader(stderr)
	if err := s.command.Start(); err != nil {
		return nil, err
	}
	line, err := bufio.NewReader(stdout).ReadString('\n')
	if words := strings.Fields(line); err == nil && len(words) > 1 { // Serving http://127.0.0.1:43210/ (…
		s.url = words[1]
		return s, nil
	}
	rest, _ := io.ReadAll(s.log)
	return nil, errors.Join(fmt.Errorf("%s serve: %q: %s", program, line, rest), s.stop())
}

// until waits for a line of the log that holds a text.
func (s *serving) until(text string) error {
	for {
		line, err := s.log.ReadString('\n')
		if err != nil {
			return fmt.Errorf("the log of serve ended before %s: %w", text, err)
		}
		if strings.Contains(line, text) {
			return nil
		}
	}
}

func (s *serving) cpu() time.Duration { return cpuOf(s.command.Process.Pid) }

func (s *serving) stop() error {
	return errors.Join(s.command.Process.Signal(syscall.SIGTERM), s.command.Wait())
}

// cpuOf is what a process that runs has used so far, user and system, in steps of 10 ms; 0 when it is gone.
func cpuOf(pid int) time.Duration {
	text, err := os.ReadFile(fmt.Sprintf("/proc/%d/stat", pid))
	if err != nil {
		return 0
	}
	fields := strings.Fields(string(text[bytes.LastIndexByte(text, ')')+1:])) // from the state on, field 3 of proc(5)
	user, _ := strconv.ParseInt(fields[11], 10, 64)
	system, _ := strconv.ParseInt(fields[12], 10, 64)
	return time.Duration(user+system) * tick
}

// tick is the unit of these times on Linux.
const tick = 10 * time.Millisecond

// ownCPU is what this process has used so far.
func ownCPU() time.Duration {
	var used syscall.Rusage
	_ = syscall.Getrusage(syscall.RUSAGE_SELF, &used) // cannot fail for the process itself
	return time.Duration(used.Utime.Nano() + used.Stime.Nano())
}
