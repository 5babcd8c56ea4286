import Tensor
import TensorIO
import Testing
import _TestSupport

@Suite struct DescriptionTests {
  @Test func listingsSayWhatIsLeftOut() throws {
    let folder = try TemporaryFolder()
    let url = try folder.write(
      "a.safetensors",
      [
        TensorValues("experts", .f32, [2, 2, 3], .init(repeating: 1, count: 12)), TensorValues("norm", [3], [1, 2, 3]),
        TensorValues("w", .f64, [1, 2], [1, 2]),
      ])
    let file = try SafetensorsFile(url)
    let listing = try file.matrixListing()
    #expect("\(listing)" == "3 matrices of 2 tensors, 1 tensor left out\n  norm: F32 of 1 dimensions")
    #expect(listing.map { "\($0)" } == ["experts[0] F32 [2, 3]", "experts[1] F32 [2, 3]", "w F64 [1, 2]"])
    #expect("\(try file.matrixListing(of: ["w"]))" == "1 matrix of 1 tensor")
    let beyond = StoredMatrix(of: try file.tensor("experts"), at: .layer(9))
    #expect("\(beyond)" == "experts[:,9] F32, no matrix of the tensor [2, 2, 3]")
    #expect("\(try file.tensor("w").content)" == "numbers")
    #expect("\(TensorContent.codes(reason: "four bits [packed]"))" == "codes: four bits [packed]")
  }

  @Test func whatIsWrittenAndNamesAreWords() {
    #expect("\(NamedTensor("v", Vector<Float>([1, 2]), storedAs: .bf16))" == "v BF16 [2]")
    #expect("\(TensorLayout("v", .f16, shape: [2, 3]))" == "v F16 [2, 3]")
    #expect("\(ExactName("v"))" == "v" && "\(SystemPath("/a/b.npy"))" == "/a/b.npy")
  }
}
