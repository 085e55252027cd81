package chserver

import (
	"bytes"
	"debug/elf"
	"encoding/binary"
)

// interpreter is the dynamic loader of glibc, the C library libchdb.so is
// built for. A musl system or an empty container image does not have it.
const interpreter = "/lib64/ld-linux-x86-64.so.2"

// The launcher is mapped at two fixed addresses: one read-only page that is
// executed and one writable part that the dynamic loader fills in.
const (
	pageSize = 0x1000
	codeAddr = 0x400000            // ELF header, program headers, interpreter, code
	dataAddr = codeAddr + pageSize // import slots, dynamic section, symbols
)

// imports are the functions the launcher calls. Slot i lies at dataAddr+8*i,
// the address the calls in launcherCode read their target from.
var imports = []string{
	"__libc_start_main",   // 0x401000
	"chdb_query_cmdline",  // 0x401008
	"chdb_result_error",   // 0x401010
	"chdb_result_elapsed", // 0x401018
	"chdb_result_buffer",  // 0x401020
	"chdb_result_length",  // 0x401028
	"write",               // 0x401030
	"dprintf",             // 0x401038
}

// launcherCode is this C program, translated by hand:
//
//	int main(int argc, char **argv) {
//	    chdb_result *r = chdb_query_cmdline(argc, argv);
//	    if (!r) return 1;
//	    char *e = chdb_result_error(r);
//	    if (e) { dprintf(2, "%s\n", e); return 1; }
//	    if (chdb_result_elapsed(r) == 0) return 1;
//	    char *p = chdb_result_buffer(r);
//	    for (size_t n = chdb_result_length(r); n; ) {
//	        ssize_t w = write(1, p, n);
//	        if (w <= 0) return 1;
//	        p += w; n -= w;
//	    }
//	    return 0;
//	}
//
// The elapsed time is the only sign of a failed statement: the engine prints
// the error to standard error itself and returns a result without an error
// text whose elapsed time is exactly zero. A finished run always took time.
var launcherCode = []byte{
	// _start: hand over to the C library as the System V ABI asks.
	0x31, 0xed, // xor  ebp, ebp           outermost frame
	0x49, 0x89, 0xd1, // mov  r9, rdx            rtld_fini, given by the loader
	0x5e,             // pop  rsi                argc
	0x48, 0x89, 0xe2, // mov  rdx, rsp           argv
	0x48, 0x83, 0xe4, 0xf0, // and  rsp, -16           align the stack
	0x50,             // push rax                padding
	0x54,             // push rsp                stack_end, the seventh argument
	0x45, 0x31, 0xc0, // xor  r8d, r8d           no fini
	0x31, 0xc9, // xor  ecx, ecx           no init
	0x48, 0x8d, 0x3d, 0x08, 0x00, 0x00, 0x00, // lea  rdi, [rip+8]       main
	0xff, 0x14, 0x25, 0x00, 0x10, 0x40, 0x00, // call [0x401000]         __libc_start_main
	0xf4, // hlt                     it never returns

	// main(edi = argc, rsi = argv): both go on to the engine untouched.
	0x53,       // push rbx                three pushes align the stack
	0x55,       // push rbp
	0x41, 0x54, // push r12
	0xff, 0x14, 0x25, 0x08, 0x10, 0x40, 0x00, // call [0x401008]         chdb_query_cmdline
	0x48, 0x85, 0xc0, // test rax, rax
	0x74, 0x7c, // je   failed
	0x48, 0x89, 0xc3, // mov  rbx, rax           r
	0x48, 0x89, 0xdf, // mov  rdi, rbx
	0xff, 0x14, 0x25, 0x10, 0x10, 0x40, 0x00, // call [0x401010]         chdb_result_error
	0x48, 0x85, 0xc0, // test rax, rax
	0x75, 0x52, // jne  explain
	0x48, 0x89, 0xdf, // mov  rdi, rbx
	0xff, 0x14, 0x25, 0x18, 0x10, 0x40, 0x00, // call [0x401018]         chdb_result_elapsed
	0x66, 0x48, 0x0f, 0x7e, 0xc0, // movq rax, xmm0          the bits of 0.0 are all zero
	0x48, 0x85, 0xc0, // test rax, rax
	0x74, 0x56, // je   failed
	0x48, 0x89, 0xdf, // mov  rdi, rbx
	0xff, 0x14, 0x25, 0x20, 0x10, 0x40, 0x00, // call [0x401020]         chdb_result_buffer
	0x48, 0x89, 0xc5, // mov  rbp, rax           p
	0x48, 0x89, 0xdf, // mov  rdi, rbx
	0xff, 0x14, 0x25, 0x28, 0x10, 0x40, 0x00, // call [0x401028]         chdb_result_length
	0x49, 0x89, 0xc4, // mov  r12, rax           n

	// print:
	0x4d, 0x85, 0xe4, // test r12, r12
	0x74, 0x3e, // je   done
	0xbf, 0x01, 0x00, 0x00, 0x00, // mov  edi, 1
	0x48, 0x89, 0xee, // mov  rsi, rbp
	0x4c, 0x89, 0xe2, // mov  rdx, r12
	0xff, 0x14, 0x25, 0x30, 0x10, 0x40, 0x00, // call [0x401030]         write
	0x48, 0x85, 0xc0, // test rax, rax
	0x7e, 0x20, // jle  failed
	0x48, 0x01, 0xc5, // add  rbp, rax
	0x49, 0x29, 0xc4, // sub  r12, rax
	0xeb, 0xdc, // jmp  print

	// explain:
	0x48, 0x89, 0xc2, // mov  rdx, rax           e
	0x48, 0x8d, 0x35, 0x1c, 0x00, 0x00, 0x00, // lea  rsi, [rip+28]      format
	0xbf, 0x02, 0x00, 0x00, 0x00, // mov  edi, 2
	0x31, 0xc0, // xor  eax, eax           no vector arguments
	0xff, 0x14, 0x25, 0x38, 0x10, 0x40, 0x00, // call [0x401038]         dprintf

	// failed:
	0xb8, 0x01, 0x00, 0x00, 0x00, // mov  eax, 1
	0xeb, 0x02, // jmp  return

	// done:
	0x31, 0xc0, // xor  eax, eax

	// return:
	0x41, 0x5c, // pop  r12
	0x5d, // pop  rbp
	0x5b, // pop  rbx
	0xc3, // ret

	'%', 's', '\n', 0, // format
}

// buildLauncher returns the launcher as an ELF program that loads the given
// library. The file is one page of code followed by the writable data.
func buildLauncher(library string) []byte {
	const headers = 64 + 5*56 // ELF header and five program headers
	entry := uint64(codeAddr + headers + len(interpreter) + 1)
	data, dynamic, dynamicSize := launcherData(library)

	var f bytes.Buffer
	put(&f, elf.Header64{
		Ident: [elf.EI_NIDENT]byte{0x7f, 'E', 'L', 'F',
			byte(elf.ELFCLASS64), byte(elf.ELFDATA2LSB), byte(elf.EV_CURRENT)},
		Type: uint16(elf.ET_EXEC), Machine: uint16(elf.EM_X86_64), Version: uint32(elf.EV_CURRENT),
		Entry: entry, Phoff: 64, Ehsize: 64, Phentsize: 56, Phnum: 5,
	})
	interpSize, codeSize := uint64(len(interpreter)+1), entry-codeAddr+uint64(len(launcherCode))
	put(&f, []elf.Prog64{
		{Type: uint32(elf.PT_INTERP), Flags: uint32(elf.PF_R),
			Off: headers, Vaddr: codeAddr + headers, Filesz: interpSize, Memsz: interpSize, Align: 1},
		{Type: uint32(elf.PT_LOAD), Flags: uint32(elf.PF_R | elf.PF_X),
			Vaddr: codeAddr, Filesz: codeSize, Memsz: codeSize, Align: pageSize},
		{Type: uint32(elf.PT_LOAD), Flags: uint32(elf.PF_R | elf.PF_W),
			Off: pageSize, Vaddr: dataAddr, Filesz: uint64(len(data)), Memsz: uint64(len(data)), Align: pageSize},
		{Type: uint32(elf.PT_DYNAMIC), Flags: uint32(elf.PF_R | elf.PF_W),
			Off: pageSize + dynamic, Vaddr: dataAddr + dynamic, Filesz: dynamicSize, Memsz: dynamicSize, Align: 8},
		// Without this header the stack would be executable.
		{Type: uint32(elf.PT_GNU_STACK), Flags: uint32(elf.PF_R | elf.PF_W), Align: 16},
	})
	f.WriteString(interpreter + "\x00")
	f.Write(launcherCode)
	f.Write(make([]byte, pageSize-f.Len()))
	f.Write(data)
	return f.Bytes()
}

// launcherData lays out the writable part: import slots, symbols, relocations
// that put each symbol's address into its slot, dynamic section, strings.
// It also returns where the dynamic section starts in it, and its size.
func launcherData(library string) (data []byte, dynamic, dynamicSize uint64) {
	strings := []byte{0} // offset 0 is the empty name
	name := func(s string) uint32 {
		at := len(strings)
		strings = append(strings, s+"\x00"...)
		return uint32(at)
	}
	symbols := make([]elf.Sym64, 1, 1+len(imports)) // symbol 0 is always empty
	var relocations []elf.Rela64
	for i, s := range imports {
		symbols = append(symbols, elf.Sym64{Name: name(s), Info: elf.ST_INFO(elf.STB_GLOBAL, elf.STT_FUNC)})
		relocations = append(relocations, elf.Rela64{
			Off: dataAddr + uint64(8*i), Info: elf.R_INFO(uint32(i+1), uint32(elf.R_X86_64_GLOB_DAT))})
	}
	needEngine, needC := uint64(name(library)), uint64(name("libc.so.6"))

	const dynamicEntries = 10
	symbolsAt := uint64(8 * len(imports))
	relocationsAt := symbolsAt + uint64(elf.Sym64Size*len(symbols))
	dynamic = relocationsAt + uint64(24*len(relocations))
	dynamicSize = dynamicEntries * 16
	stringsAt := dynamic + dynamicSize

	var d bytes.Buffer
	put(&d, make([]uint64, len(imports)))
	put(&d, symbols)
	put(&d, relocations)
	put(&d, [dynamicEntries]elf.Dyn64{
		{Tag: int64(elf.DT_NEEDED), Val: needEngine}, // an absolute path: no search path is involved
		{Tag: int64(elf.DT_NEEDED), Val: needC},
		{Tag: int64(elf.DT_STRTAB), Val: dataAddr + stringsAt},
		{Tag: int64(elf.DT_STRSZ), Val: uint64(len(strings))},
		{Tag: int64(elf.DT_SYMTAB), Val: dataAddr + symbolsAt},
		{Tag: int64(elf.DT_SYMENT), Val: elf.Sym64Size},
		{Tag: int64(elf.DT_RELA), Val: dataAddr + relocationsAt},
		{Tag: int64(elf.DT_RELASZ), Val: uint64(24 * len(relocations))},
		{Tag: int64(elf.DT_RELAENT), Val: 24},
		{Tag: int64(elf.DT_NULL)},
	})
	d.Write(strings)
	return d.Bytes(), dynamic, dynamicSize
}

// put appends fixed-size values in the machine's byte order. Writing them to a
// bytes.Buffer cannot fail.
func put(b *bytes.Buffer, v any) { _ = binary.Write(b, binary.LittleEndian, v) }
