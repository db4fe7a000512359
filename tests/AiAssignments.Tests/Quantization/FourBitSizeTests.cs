using AiAssignments.Core.Errors;
using AiAssignments.Onnx;
using AiAssignments.Optimization.Quantization.NBits;
using AiAssignments.Tests.Support;
using DataType = AiAssignments.Onnx.TensorProto.Types.DataType;

namespace AiAssignments.Tests.Quantization;

/// <summary>4 bits are for size: a weight that would grow stays as it is.</summary>
public sealed class FourBitSizeTests : IDisposable
{
    private readonly TemporaryFolder folder = new();

    public void Dispose() => folder.Dispose();

    [Fact]
    public async Task Thin_weights_stay_and_thick_ones_shrink()
    {
        // Of 3 inputs each output would fill a block of 32: 20 bytes for 12.
        var graph = new GraphBuilder("thin", 13);
        graph.Input("x", DataType.Float, "batch", 64);
        graph.Floats("thick", TestGraphs.Normal(1, 64 * 3 * 10), 64, 30);
        graph.Floats("narrow", TestGraphs.Normal(2, 30 * 3), 30, 3);
        graph.Floats("thin", TestGraphs.Normal(3, 3 * 512), 3, 512);
        graph.Node("MatMul", [graph.Node("MatMul", [graph.Node("MatMul", ["x", "thick"]), "narrow"]), "thin"], "y");
        graph.Output("y", DataType.Float, "batch", 512);
        var source = RuntimeRun.Save(graph.Build(), Path.Combine(folder.Path, "source.onnx"));
        var target = Path.Combine(folder.Path, "target.onnx");

        var result = await new FourBitPass(new() { SmallestWeight = 1 }).RunAsync(source, target, null, CancellationToken.None);

        Assert.Equal("2", result.Facts.Single(fact => fact.Name == "nodes-quantized").Value);
        Assert.Contains(result.Notes, note => note.Contains("blocks of 32 would not make its weight smaller", StringComparison.Ordinal));
        Assert.True(new FileInfo(target).Length < new FileInfo(source).Length);
    }

    [Fact]
    public async Task A_graph_of_thin_weights_alone_is_refused_with_the_reason()
    {
        var graph = new GraphBuilder("thin", 13);
        graph.Input("x", DataType.Float, "batch", 4);
        graph.Floats("thin", TestGraphs.Normal(1, 4 * 512), 4, 512);
        graph.Node("MatMul", ["x", "thin"], "y");
        graph.Output("y", DataType.Float, "batch", 512);
        var source = RuntimeRun.Save(graph.Build(), Path.Combine(folder.Path, "source.onnx"));

        var refused = await Assert.ThrowsAsync<ProblemException>(
            () => new FourBitPass(new() { BlockSize = 64 }).RunAsync(source, Path.Combine(folder.Path, "target.onnx"), null, CancellationToken.None));

        Assert.Equal("nothing-to-quantize", refused.Problem.Code);
        Assert.Contains("blocks of 64 would not make its weight smaller", refused.Problem.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_table_whose_product_stays_in_float_stays_with_it()
    {
        // Embeddings of 4 numbers, and as many inputs of the output layer: nothing to gain from blocks.
        var graph = new GraphBuilder("tied", 13);
        graph.Input("ids", DataType.Int64, "batch", "length");
        graph.Floats("table", TestGraphs.Normal(1, 64 * 4), 64, 4);
        graph.Floats("w", TestGraphs.Normal(2, 64 * 64), 64, 64);
        var mean = graph.Node("ReduceMean", [graph.Node("Gather", ["table", "ids"])], null, GraphBuilder.Attribute("axes", new long[] { 1 }), GraphBuilder.Attribute("keepdims", 0L));
        var scores = graph.Node("Gemm", [mean, "table"], null, GraphBuilder.Attribute("transB", 1L));
        graph.Node("MatMul", [scores, "w"], "y");
        graph.Output("y", DataType.Float, "batch", 64);
        var source = RuntimeRun.Save(graph.Build(), Path.Combine(folder.Path, "source.onnx"));
        var result = await new FourBitPass().RunAsync(source, Path.Combine(folder.Path, "target.onnx"), null, CancellationToken.None);

        Assert.Equal("1", result.Facts.Single(fact => fact.Name == "nodes-quantized").Value);
        Assert.Equal("2", result.Facts.Single(fact => fact.Name == "nodes-left-in-float").Value);
    }

    [Theory]
    [InlineData(16, 1, 32, true, 20)]
    [InlineData(33, 2, 32, false, 2 * (40 + 1))]
    [InlineData(1, 1L << 30, 256, true, (1L << 30) * 132)]
    [InlineData(128, 10, 16, true, 10 * 8 * 12)]
    public void Sizes_are_known_before_anything_is_allocated(long inputs, long outputs, int blockSize, bool isSymmetric, long bytes) =>
        Assert.Equal(bytes, FourBitBlocks.Size(inputs, outputs, blockSize, isSymmetric));

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void The_size_is_that_of_the_blocks(bool isSymmetric)
    {
        var blocks = FourBitBlocks.Quantize(TestGraphs.Normal(1, 70 * 9), 70, 9, 32, isSymmetric);
        Assert.Equal(blocks.Values.Length + (4 * blocks.Scales.Length) + (blocks.ZeroPoints?.Length ?? 0), FourBitBlocks.Size(70, 9, 32, isSymmetric));
    }
}
