using AiAssignments.Core.Errors;
using AiAssignments.Onnx;
using AiAssignments.Onnx.Inspection;
using AiAssignments.Tests.InferenceTests.Support;
using AiAssignments.Tests.Support;

namespace AiAssignments.Tests.InferenceTests.Onnx;

public sealed class ExternalDataTests : IDisposable
{
    private const int Needed = TinyGraphs.Vocabulary * 3 * 4;
    private readonly TemporaryFolder folder = new();

    public void Dispose() => folder.Dispose();

    [Fact]
    public void A_file_beside_the_graph_is_followed_and_counted()
    {
        Directory.CreateDirectory(folder.File("m/weights"));
        File.WriteAllBytes(folder.File("m/weights/w.bin"), new byte[Needed + 100]);

        var signature = Inspect("weights/w.bin", "100", Needed.ToString(System.Globalization.CultureInfo.InvariantCulture));

        Assert.Equal(["weights/w.bin"], signature.ExternalFiles);
        Assert.Equal(new FileInfo(folder.File("m/m.onnx")).Length + Needed + 100, signature.SizeBytes);
    }

    [Theory]
    [InlineData("../outside.bin")]
    [InlineData("weights/../../outside.bin")]
    [InlineData("/etc/passwd")]
    [InlineData("C:\\secret.bin")]
    [InlineData("..\\outside.bin")]
    [InlineData("weights//w.bin")]
    public void A_path_that_leads_out_is_refused(string location)
    {
        File.WriteAllBytes(folder.File("outside.bin"), new byte[Needed]);

        Assert.Equal("onnx-external-data-outside", Refuse(location).Code);
    }

    [Theory]
    [InlineData("link.bin")]
    [InlineData("linked/outside.bin")]
    public void A_link_is_refused(string location)
    {
        Directory.CreateDirectory(folder.File("m"));
        Directory.CreateDirectory(folder.File("elsewhere"));
        File.WriteAllBytes(folder.File("elsewhere/outside.bin"), new byte[Needed]);
        File.CreateSymbolicLink(folder.File("m/link.bin"), folder.File("elsewhere/outside.bin"));
        Directory.CreateSymbolicLink(folder.File("m/linked"), folder.File("elsewhere"));

        Assert.Equal("onnx-external-data-link", Refuse(location).Code);
    }

    [Theory]
    [InlineData("none.bin", "0", "onnx-external-data-missing")]
    [InlineData("*/_ORT_MEM_ADDR_/*", "4096", "onnx-external-data-missing")]
    [InlineData("short.bin", "0", "onnx-external-data-short")]
    [InlineData("exact.bin", "4", "onnx-external-data-short")]
    [InlineData("exact.bin", "-4", "onnx-external-data")]
    [InlineData("exact.bin", "9223372036854775807", "onnx-external-data-short")]
    public void A_file_that_is_absent_or_short_is_refused(string location, string offset, string code)
    {
        Directory.CreateDirectory(folder.File("m"));
        File.WriteAllBytes(folder.File("m/short.bin"), new byte[Needed - 1]);
        File.WriteAllBytes(folder.File("m/exact.bin"), new byte[Needed]);

        Assert.Equal(code, Packages.Refused(() => Inspect(location, offset, null)).Code);
    }

    [Fact]
    public void A_key_that_comes_twice_is_refused()
    {
        Directory.CreateDirectory(folder.File("m"));
        File.WriteAllBytes(folder.File("m/exact.bin"), new byte[Needed]);
        var model = External("exact.bin", "0", null);
        model.Graph.Initializer[0].ExternalData.Add(new StringStringEntryProto { Key = "location", Value = "../outside.bin" });
        model.Write(folder.File("m/m.onnx"));

        Assert.Equal("onnx-external-data", Packages.Refused(() => OnnxInspector.Inspect(folder.File("m/m.onnx"))).Code);
    }

    private static ModelProto External(string location, string offset, string? length)
    {
        var model = TinyGraphs.Text();
        var tensor = model.Graph.Initializer[0];
        tensor.ClearRawData();
        tensor.DataLocation = TensorProto.Types.DataLocation.External;
        tensor.ExternalData.Add(new StringStringEntryProto { Key = "location", Value = location });
        tensor.ExternalData.Add(new StringStringEntryProto { Key = "offset", Value = offset });
        if (length is not null)
        {
            tensor.ExternalData.Add(new StringStringEntryProto { Key = "length", Value = length });
        }

        return model;
    }

    private OnnxSignature Inspect(string location, string offset, string? length) =>
        OnnxInspector.Inspect(External(location, offset, length).Write(folder.File("m/m.onnx")));

    private Problem Refuse(string location) => Packages.Refused(() => Inspect(location, "0", null));
}
