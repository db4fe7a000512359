using AiAssignments.Onnx;
using AiAssignments.Optimization.Graphs;
using AiAssignments.Optimization.Quantization.Dynamic;
using AiAssignments.Optimization.Quantization.Numerics;
using AiAssignments.Tests.Support;
using static AiAssignments.Onnx.GraphBuilder;
using DataType = AiAssignments.Onnx.TensorProto.Types.DataType;

namespace AiAssignments.Tests.Quantization;

/// <summary>A table that is looked up in and multiplied with lies in the file once, whichever way the product turns it.</summary>
public sealed class TiedTablesTests : IDisposable
{
    private readonly TemporaryFolder folder = new();

    public void Dispose() => folder.Dispose();

    public static TheoryData<string, bool, bool> Layouts
    {
        get
        {
            var data = new TheoryData<string, bool, bool>();
            foreach (var layout in new[] { "transpose", "gemm", "straight", "turned-lookup" })
            {
                foreach (var isSymmetric in new[] { true, false })
                {
                    data.Add(layout, isSymmetric, true);
                    data.Add(layout, isSymmetric, false);
                }
            }

            return data;
        }
    }

    [Theory]
    [MemberData(nameof(Layouts))]
    public async Task Its_integers_are_stored_once(string layout, bool isSymmetric, bool isPerChannel)
    {
        var source = RuntimeRun.Save(Graph(layout), Path.Combine(folder.Path, "source.onnx"));
        var target = Path.Combine(folder.Path, "target.onnx");
        var result = await new DynamicInt8Pass(new() { Symmetric = isSymmetric, PerChannel = isPerChannel, SmallestWeight = 32, ReducedRange = ReducedRange.On })
            .RunAsync(source, target, null, CancellationToken.None);

        Assert.Equal("2", result.Facts.Single(fact => fact.Name == "nodes-quantized").Value);
        Assert.Equal((64 * 16).ToString(System.Globalization.CultureInfo.InvariantCulture), result.Facts.Single(fact => fact.Name == "weights-quantized").Value);
        using var model = OnnxModel.Load(target);
        Assert.Single(model.Graph.Initializer, tensor => tensor.DataType == (int)(isSymmetric ? DataType.Int8 : DataType.Uint8) && TensorReader.Elements(tensor) == 64 * 16);
        Assert.DoesNotContain(model.Graph.Initializer, tensor => tensor.DataType == (int)DataType.Float && TensorReader.Elements(tensor) == 64 * 16);
        Assert.InRange(RuntimeRun.Error(RuntimeRun.Outputs(source), RuntimeRun.Outputs(target)), 0, 0.05);

        // Turning a constant is done when the graph is loaded, and the product is fused as ever.
        var fused = RuntimeRun.Fused(target);
        Assert.DoesNotContain("Transpose", fused.Keys);
        Assert.DoesNotContain("MatMulInteger", fused.Keys);
    }

    [Fact]
    public async Task A_table_of_its_own_keeps_all_bits()
    {
        var graph = new GraphBuilder("own", 13);
        graph.Input("ids", DataType.Int64, "batch", "length");
        graph.Floats("table", TestGraphs.Normal(6, 64 * 16), 64, 16);
        graph.Node("Gather", ["table", "ids"], "y");
        graph.Output("y", DataType.Float, "batch", "length", 16);
        var source = RuntimeRun.Save(graph.Build(), Path.Combine(folder.Path, "source.onnx"));
        var target = Path.Combine(folder.Path, "target.onnx");
        await new DynamicInt8Pass(new() { ReducedRange = ReducedRange.On }).RunAsync(source, target, null, CancellationToken.None);

        using var model = OnnxModel.Load(target);
        var values = model.Graph.Initializer.Single(tensor => tensor.DataType == (int)DataType.Int8).RawData.Span;
        Assert.Equal(127, values.ToArray().Max(value => Math.Abs((int)(sbyte)value)));
    }

    private static ModelProto Graph(string layout)
    {
        var graph = new GraphBuilder("tied", 13);
        graph.Input("ids", DataType.Int64, "batch", "length");
        long[] size = layout == "turned-lookup" ? [16, 64] : [64, 16];
        graph.Floats("table", TestGraphs.Normal(6, 64 * 16), size);
        var turned = layout is "transpose" or "turned-lookup" ? graph.Node("Transpose", ["table"], null, Attribute("perm", 1, 0)) : string.Empty;
        var state = graph.Node("Tanh", [graph.Node("Gather", [layout == "turned-lookup" ? turned : "table", "ids"])]);
        switch (layout)
        {
            case "transpose":
                graph.Node("MatMul", [state, turned], "y");
                break;
            case "turned-lookup":
                graph.Node("MatMul", [state, "table"], "y");
                break;
            case "gemm":
                graph.Node("Gemm", [graph.Node("ReduceMean", [state], null, Attribute("axes", new long[] { 1 }), Attribute("keepdims", 0L)), "table"], "y", Attribute("transB", 1L));
                break;
            default:
                // 16 numbers four times are as many as the table has rows: multiplied with it as it lies.
                graph.Node("MatMul", [graph.Node("Concat", [state, state, state, state], null, Attribute("axis", -1L)), "table"], "y");
                break;
        }

        object[] shape = layout == "gemm" ? ["batch", 64] : ["batch", "length", layout == "straight" ? 16 : 64];
        graph.Output("y", DataType.Float, shape);
        return graph.Build();
    }
}
