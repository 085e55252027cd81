package chserver

import (
	"bytes"
	"debug/elf"
	"testing"
)

// The standard library must read in the launcher what we meant to write.
func TestLauncherIsAWellFormedProgram(t *testing.T) {
	t.Parallel()
	const library = "/some folder/libchdb.so"
	f, err := elf.NewFile(bytes.NewReader(buildLauncher(library)))
	if err != nil {
		t.Fatal(err)
	}
	var code, data *elf.Prog
	for _, p := range f.Progs {
		switch {
		case p.Type == elf.PT_LOAD && p.Flags == elf.PF_R|elf.PF_X:
			code = p
		case p.Type == elf.PT_LOAD && p.Flags == elf.PF_R|elf.PF_W:
			data = p
		case p.Type == elf.PT_GNU_STACK && p.Flags&elf.PF_X != 0:
			t.Error("the stack is executable")
		}
	}
	if code == nil || data == nil || len(f.Progs) != 5 {
		t.Fatalf("program headers: %v", f.Progs)
	}
	if code.Vaddr+code.Memsz > dataAddr || data.Vaddr != dataAddr {
		t.Errorf("code ends at %#x, data starts at %#x, want %#x", code.Vaddr+code.Memsz, data.Vaddr, dataAddr)
	}
	text := make([]byte, len(launcherCode))
	if _, err := code.ReadAt(text, int64(f.Entry-code.Vaddr)); err != nil || !bytes.Equal(text, launcherCode) {
		t.Errorf("the entry point is not the code: %x, %v", text, err)
	}
	for i := range imports { // call [slot] is ff 14 25 and the slot's address
		addr := dataAddr + 8*i
		call := []byte{0xff, 0x14, 0x25, byte(addr), byte(addr >> 8), byte(addr >> 16), byte(addr >> 24)}
		if bytes.Count(launcherCode, call) != 1 {
			t.Errorf("%s is not called once", imports[i])
		}
	}
	if !bytes.Contains(buildLauncher(library), append([]byte(library), 0)) {
		t.Error("the library is not named")
	}
}
