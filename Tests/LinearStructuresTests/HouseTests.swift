import Foundation
import Testing

/// The rules that the sources as a whole keep: which module may import which, what names may be, how long and how deep
/// a body of a function may be.
@Suite struct HouseTests {
  private static let root = URL(filePath: #filePath).deletingLastPathComponent().appending(path: "../..").standardized

  /// The modules from the ground up; a module imports only what stands on a lower floor.
  private static let floors = [
    ["COpenBLAS", "CKernels", "CSample", "CStart"], ["Tensor"], ["Nulls", "TensorIO"], ["Subspace"], ["Runs"],
    ["Steering", "Extrapolate"], ["LinearStructures"], ["linstruct"],
  ]

  /// What comes with the toolchain or the system.
  private static let system: Set = [
    "Foundation", "FoundationEssentials", "Synchronization", "Dispatch", "Glibc", "Musl", "Android", "Darwin",
  ]

  private static func floor(of module: String) -> Int? { floors.firstIndex { $0.contains(module) } }

  /// The Swift files of a module and their text.
  private static func sources(of module: String) throws -> [(name: String, text: String)] {
    let folder = root.appending(path: "Sources/\(module)")
    let files = try #require(FileManager.default.enumerator(at: folder, includingPropertiesForKeys: nil))
    return try files.compactMap { $0 as? URL }.filter { $0.pathExtension == "swift" }.map {
      ("\(module)/\($0.lastPathComponent)", try String(contentsOf: $0, encoding: .utf8))
    }
  }

  private static let access: Set = ["public", "package", "internal", "private", "fileprivate"]

  /// The modules that a source imports, whole or one declaration of them.
  private static func imports(in text: String) -> [String] {
    text.split(separator: "\n").compactMap { line in
      let words = line.split(separator: " ").drop { $0.hasPrefix("@") || access.contains(String($0)) }
      guard words.first == "import", !line.hasPrefix(" ") else { return nil }
      // `import struct Module.Name` imports one declaration.
      let path = words.count > 2 ? words.dropFirst(2).first : words.dropFirst().first
      return path?.split(separator: ".").first.map(String.init)
    }
  }

  @Test func everyFolderOfTheSourcesIsAModuleWithAFloor() throws {
    let folders = try FileManager.default.contentsOfDirectory(atPath: Self.root.appending(path: "Sources").path)
    #expect(Set(folders) == Set(Self.floors.flatMap(\.self)))
  }

  @Test(arguments: floors.flatMap(\.self))
  func importsPointDown(module: String) throws {
    let own = try #require(Self.floor(of: module))
    for (name, text) in try Self.sources(of: module) {
      for imported in Self.imports(in: text) where !Self.system.contains(imported) {
        let floor = try #require(Self.floor(of: imported), "\(name) imports \(imported), which has no floor")
        #expect(floor < own, "\(name) imports \(imported), which does not stand below \(module)")
      }
    }
  }

  @Test func importsAreFoundInEveryForm() {
    let text = """
      import A
      public import B
      @_exported public import C
      import struct D.Inner
      // import E
        import F
      """
    #expect(Self.imports(in: text) == ["A", "B", "C", "D"])
  }

  /// A type that bears a module's name hides the module: neither `Tensor.Matrix` nor a clash can be spelt any more.
  @Test func noTypeBearsTheNameOfAModule() throws {
    for module in Self.floors.flatMap(\.self) {
      for (name, text) in try Self.sources(of: module) {
        for match in text.matches(of: /\b(?:struct|class|enum|actor|protocol|typealias) (\w+)/) {
          #expect(Self.floor(of: String(match.1)) == nil || match.1 == "linstruct", "\(name) declares \(match.1)")
        }
      }
    }
  }

  /// `scripts/shape` over one file: its output, and whether it passed.
  private static func shape(_ name: String, _ source: String) throws -> (output: String, passed: Bool) {
    let folder = FileManager.default.temporaryDirectory.appending(path: "shape-\(UUID().uuidString)")
    try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
    defer { try? FileManager.default.removeItem(at: folder) }
    let file = folder.appending(path: name)
    try Data(source.utf8).write(to: file)
    let (process, pipe) = (Process(), Pipe())
    process.executableURL = URL(filePath: "/bin/sh")
    process.arguments = [root.appending(path: "scripts/shape").path, "--files", file.path]
    (process.standardOutput, process.standardError) = (pipe, pipe)
    try process.run()
    let output = String(decoding: pipe.fileHandleForReading.readDataToEndOfFile(), as: UTF8.self)
    process.waitUntilExit()
    return (output, process.terminationStatus == 0)
  }

  @Test func bodiesWithinTheBoundsPass() throws {
    let swift = """
      struct S {
        func f(
          _ x: Int, _ body: (Int) -> Int = { $0 }
        ) -> String {
          if x > 0 { while true { for _ in 0..<x { if x == 3 { print("{{{ \\([1].map { "{\\($0)" })") } } } }
          /* {{{ /* { */ {{ */
          return "{"  // {{{{{
        }
        let text = \"\"\"
          { "{{" {
          \"\"\"
      """ + String(repeating: "\n  // a line that belongs to no body", count: 70) + "\n}\n"
    let found = try Self.shape("a.swift", swift)
    #expect(found.passed, "\(found.output)")
    #expect(found.output.contains("    4  "))
    let c = "int f(int x) {\n  char c = '{'; /* { */\n" + String(repeating: "  x++;\n", count: 58) + "  return x;\n}\n"
    let body = try Self.shape("a.c", c)
    #expect(body.passed && body.output.contains("   60  "), "\(body.output)")
  }

  /// Sources with one body or line beyond a bound each, by the name of the file.
  private static let faults = [
    "long.swift": "func f() {\n" + String(repeating: "  g()\n", count: 61) + "}\n",
    "computed.swift": "struct S {\n  var x: Int {\n" + String(repeating: "    g()\n", count: 61) + "  }\n}\n",
    "deep.swift": "func f() {\n if a { if b { if c { if d { if e { g() } } } } }\n}\n",
    "closures.swift": "extension S {\n init(\n x: Int\n ) {\n a { b { c { d { e { g() } } } } }\n }\n}\n",
    "wide.swift": "// " + String(repeating: "σ", count: 118) + "\n",
    "long.c": "void f(int x)\n{\n" + String(repeating: "  g();\n", count: 61) + "}\n",
    "deep.h": "static int f(void) {\n if (a) { if (b) { for (;;) { while (1) { if (e) { g(); } } } } }\n}\n",
    "macro.h": "#define F(T) void f(T x) { if (a) { if (b) { for (;;) { while (1) { if (e) { g(); } } } } } }\n",
    "open.swift": "func f() {\n",
  ]

  @Test(arguments: faults.keys.sorted())
  func aBodyBeyondABoundFails(name: String) throws {
    let found = try Self.shape(name, Self.faults[name] ?? "")
    #expect(!found.passed && found.output.contains(name), "\(found.output)")
  }
}
