using AiAssignments.Core.Models;
using AiAssignments.Inference.Models;
using AiAssignments.Inference.Scoring;
using AiAssignments.Inference.Serving.Batching;
using AiAssignments.Inference.Serving.Tensors;
using AiAssignments.Inference.Tokenization;

namespace AiAssignments.Inference.Serving.Graphs;

/// <summary>A model in ONNX Runtime.</summary>
internal sealed class ServedGraph : IServedGraph
{
    private readonly GraphSession graph;
    private readonly WarmUp warmUp;

    private ServedGraph(GraphSession graph, ModelPackage package, ITokenizer? tokenizer, LanePlan plan)
    {
        this.graph = graph;
        Tokenizer = tokenizer;
        var cpu = plan.Runtime.Device == "cpu";
        if (cpu || graph.Provider != "CPU")
        {
            plan.Runtime.Log?.Invoke($"{package.Card.Name}@{package.Card.Version} runs on {graph.Provider}, {plan.Runtime.IntraOpThreads} thread(s) a batch.");
        }

        var binding = package.Binding;
        if (package.Card.Task == ModelTask.ImageClassification)
        {
            var images = new ImageRunner(graph, package);
            Records = new(images, "image", binding.FixedBatch ?? Math.Clamp(ImageRunner.MostFloats / images.Length, 1, plan.ImagesPerBatch), int.MaxValue, binding.FixedBatch is null);
            warmUp = new(images, Records);
        }
        else
        {
            var sequences = new SequenceRunner(graph, package, tokenizer!);
            Records = binding.FixedBatch is { } rows
                ? new(sequences, "sequence", rows, int.MaxValue, SharesOut: false)
                : new(sequences, "sequence", plan.RowsPerBatch, plan.TokensPerBatch);
            warmUp = new(sequences, Records);
        }

        MostConcurrent = graph.Provider == "CPU" ? plan.Lanes : 1;
        Tensors = new TensorRunner(graph, package, tokenizer?.PadId ?? 0, tokenizer?.IdsPerPosition ?? 1);
    }

    public static ServedGraph Open(ModelPackage package, ITokenizer? tokenizer, LanePlan plan, TimeProvider time)
    {
        var graph = new GraphSession(package, plan.Runtime, time);
        try
        {
            return new(graph, package, tokenizer, plan);
        }
        catch
        {
            graph.Dispose();
            throw;
        }
    }

    /// <inheritdoc />
    public string Provider => graph.Provider;

    /// <inheritdoc />
    public ITokenizer? Tokenizer { get; }

    /// <inheritdoc />
    public RowKind Records { get; }

    /// <inheritdoc />
    public int MostConcurrent { get; }

    /// <inheritdoc />
    public IBatchRunner Tensors { get; }

    /// <inheritdoc />
    public void WarmUp() => warmUp.Run();

    /// <inheritdoc />
    public void Shrink() => warmUp.Shrink();

    /// <inheritdoc />
    public void Dispose() => graph.Dispose();
}
