import Foundation
import Tensor
import TensorIO
import _TestSupport
import Testing

/// Packed codes are told from numbers by what stands beside them.
@Suite struct ContentTests {
  /// A safetensors file of zeros with these tensors, each of shape [8, 8].
  private func model(_ scratch: TemporaryFolder, _ tensors: [(String, ElementType)], _ file: String = "m.safetensors")
    throws
  {
    let writer = try SafetensorsWriter(
      to: scratch.file(file), tensors: tensors.map { TensorLayout($0.0, $0.1, shape: [8, 8]) })
    for info in writer.tensors {
      let bytes = [UInt8](repeating: 0, count: info.byteRange.count)
      try bytes.withUnsafeBytes { try writer.append(bytes: $0, to: info.name) }
    }
    try writer.finish()
  }

  @Test(arguments: [
    // MLX; also without a module, and its small floats with integer scales.
    [("l.weight", ElementType.u32), ("l.scales", .bf16), ("l.biases", .bf16)],
    [("weight", .u32), ("scales", .f16), ("biases", .f16)],
    [("l.weight", .u32), ("l.scales", .u8)],
    [("l.weight", .u32), ("l.scales", .f16), ("l.qbiases", .f16)],
    // GPTQ and AWQ, whole and without their scales.
    [("l.qweight", .i32), ("l.qzeros", .i32), ("l.scales", .f16), ("l.g_idx", .i32)],
    [("l.qweight", .i32)], [("l.qzeros", .i32)],
    // bitsandbytes.
    [("l.weight", .u8), ("l.weight.absmax", .f32), ("l.weight.quant_map", .f32)],
    [("l.weight", .u8), ("l.weight.absmax", .u8), ("l.weight.nested_absmax", .f32)],
    [("l.weight", .u8), ("l.weight.quant_state.bitsandbytes__nf4", .u8)],
    [("l.weight", .i8), ("l.SCB", .f32)],
    [("codes", .u8), ("codes.absmax", .f32)],
    // compressed-tensors, modelopt, gpt-oss, DeepSeek and other float8.
    [("l.weight", .i8), ("l.weight_scale", .f32)],
    [("l.weight_packed", .i32), ("l.weight_scale", .bf16), ("l.weight_shape", .i64)],
    [("l.weight_packed", .u8), ("l.weight_scale", .f8e4m3), ("l.weight_global_scale", .f32)],
    [("l.weight", .u8), ("l.weight_scale", .f8e4m3), ("l.weight_scale_2", .f32)],
    [("e.gate_up_proj_blocks", .u8), ("e.gate_up_proj_scales", .u8)], [("e.gate_up_proj_blocks", .u8)],
    [("mlp1_weight.blocks", .u8), ("mlp1_weight.scales", .u8)],
    [("l.weight", .f8e4m3), ("l.weight_scale_inv", .f32)], [("l.weight", .f8e5m2), ("l.scale_weight", .f32)],
    [("e.gate_up_proj", .f8e4m3), ("e.gate_up_proj_scale_inv", .f32)],
    [("l.weight", .i8), ("l.scale", .f8e8m0)],
    // Nothing beside them.
    [("l.weight", .i32)], [("l.weight", .f8e4m3)], [("l.weight", .f4)], [("l.q_weight", .i32)],
  ])
  func codesAndWhatBelongsToThem(tensors: [(String, ElementType)]) throws {
    let scratch = try TemporaryFolder()
    try model(scratch, tensors + [("other.weight", .f16), ("ids", .i64)])
    let checkpoint = try Checkpoint(scratch.url)
    for (name, type) in tensors {
      let content = try checkpoint.content(of: name)
      let reason = try #require(content.reason, "\(name)")
      let isFloat = [.f32, .f16, .bf16].contains(type)
      if isFloat {
        #expect(content == .companion(reason: reason), "\(name)")
      } else {
        #expect(content == .codes(reason: reason), "\(name)")
      }
      #expect(reason.contains(type.rawValue) && reason.hasSuffix("]"), "\(reason)")
    }
    #expect(try checkpoint.content(of: "other.weight") == .numbers && checkpoint.content(of: "ids") == .integers)
  }

  @Test func whatIsNoCode() throws {
    let scratch = try TemporaryFolder()
    // Scales beside a float weight are left over; an orphaned scale and a norm named `scale` are numbers.
    try model(
      scratch,
      [
        ("a.weight", .bf16), ("a.weight_scale", .f32), ("norm.scale", .f32), ("b.scales", .f16), ("counts", .i32),
        ("mask", .bool), ("c", .c64), ("small", .f8e4m3), ("q.weight", .f32), ("q.input_scale", .f32),
      ])
    let checkpoint = try Checkpoint(scratch.url)
    for name in ["a.weight", "a.weight_scale", "norm.scale", "b.scales", "q.weight", "q.input_scale"] {
      #expect(try checkpoint.content(of: name) == .numbers, "\(name)")
    }
    for name in ["counts", "mask"] { #expect(try checkpoint.content(of: name) == .integers, "\(name)") }
    for name in ["c", "small"] {
      let content = try checkpoint.content(of: name)
      #expect(content == .unreadable(reason: content.reason ?? ""), "\(name)")
    }
    #expect(throws: TensorFileError.self) { try checkpoint.content(of: "none") }
  }

  @Test func companionsInAnotherShardAreFound() throws {
    let scratch = try TemporaryFolder()
    try model(scratch, [("l.w", .u8), ("k.weight", .u32)], "model-1.safetensors")
    try model(scratch, [("l.w.absmax", .f32), ("k.scales", .f16)], "model-2.safetensors")
    let map =
      #""l.w":"model-1.safetensors","k.weight":"model-1.safetensors","l.w.absmax":"model-2.safetensors","#
      + #""k.scales":"model-2.safetensors""#
    try scratch.write(Array(#"{"weight_map":{\#(map)}}"#.utf8), "model.safetensors.index.json")
    for name in ["", "model-1.safetensors", "model.safetensors.index.json"] {
      let checkpoint = try Checkpoint(name.isEmpty ? scratch.url : scratch.file(name))
      #expect(try checkpoint.content(of: "l.w").reason?.contains("l.w.absmax") == true, "\(name)")
      #expect(try checkpoint.content(of: "k.weight").reason?.contains("k.scales") == true, "\(name)")
    }
  }

  @Test(arguments: [
    ("config.json", #"{"quantization_config":{"bits":4,"quant_method":"hqq"}}"#, "hqq"),
    ("config.json", #"{"quantization":{"group_size":64,"bits":4}}"#, "quantization"),
    ("config.json", #"{"text_config":{"quantization_config":{"quant_method":"fp8"}}}"#, "fp8"),
    ("quantize_config.json", #"{"bits":4}"#, "quantize_config.json"),
    ("hf_quant_config.json", #"{"quantization":{"quant_algo":"NVFP4"}}"#, "NVFP4"),
  ])
  func aConfigurationThatNamesAScheme(file: String, text: String, scheme: String) throws {
    let scratch = try TemporaryFolder()
    // One misspelt letter must not turn codes into numbers.
    try model(scratch, [("l.weight_paked", .i32), ("norm", .f32), ("e.w", .f8e4m3)])
    #expect(try Checkpoint(scratch.url).content(of: "l.weight_paked") == .integers)
    try scratch.write(Array(text.utf8), file)
    for opened in [scratch.url, scratch.file("m.safetensors")] {
      let checkpoint = try Checkpoint(opened)
      #expect(try checkpoint.content(of: "l.weight_paked").reason?.contains(scheme) == true)
      #expect(try checkpoint.content(of: "e.w").reason?.hasSuffix("[missing-scale]") == true)
      #expect(try checkpoint.content(of: "norm") == .numbers)
    }
    try scratch.write(Array(#"{"quantization_config":null,"text_config":{},"x":[NaN"#.utf8), "config.json")
  }

  @Test func namesThatDifferByNormalizationAreTwo() throws {
    let scratch = try TemporaryFolder()
    let (composed, decomposed) = ("\u{E9}", "e\u{301}")
    try SafetensorsFile.write(
      [NamedTensor(composed, Vector<Float>([1])), NamedTensor(decomposed, Vector<Float>([2]))],
      to: scratch.file("m.safetensors"))
    let checkpoint = try Checkpoint(scratch.url)
    #expect(checkpoint.tensors.count == 2)
    for (name, value) in [(composed, Float(1)), (decomposed, 2)] {
      #expect(try checkpoint.file(holding: name).vector(name, as: Float.self) == [value])
      #expect(checkpoint[name].map { Array($0.name.utf8) } == Array(name.utf8))
    }
    #expect(checkpoint["\u{65}"] == nil && ExactName(composed) != ExactName(decomposed))
  }

  /// Canonical comparison of these would take the square of their number.
  @Test func marksOnALetterTakeLinearTime() throws {
    let scratch = try TemporaryFolder()
    let name = "e" + String(repeating: #"\u0301\u0323"#, count: 60_000)
    let entry = #"{"dtype":"F32","shape":[1],"data_offsets":[0,4]}"#
    for header in [#"{"\#(name)":\#(entry)}"#, #"{"__metadata__":{"\#(name)":"x"}}"#] {
      #expect(throws: TensorFileError.self) { try SafetensorsFile(scratch.write(safetensors(header, data: 4))) }
    }
    let longest = String(repeating: "n", count: 8192)
    try SafetensorsFile.write([NamedTensor(longest, Vector<Float>([1]))], to: scratch.file("l.safetensors"))
    #expect(try SafetensorsFile(scratch.file("l.safetensors"))[longest] != nil)
  }

  @Test func escapesInAHeaderTakeLinearTime() throws {
    let scratch = try TemporaryFolder()
    let name = String(repeating: #"\n\u0041\/"#, count: 100_000)
    let url = try scratch.write(safetensors(#"{"__metadata__":{"k":"\#(name)"}}"#))
    #expect(try SafetensorsFile(url).metadata["k"] == String(repeating: "\nA/", count: 100_000))
  }
}
