using AiAssignments.Inference.Serving.Batching;
using AiAssignments.Inference.Serving.Graphs;
using AiAssignments.Inference.Tokenization;
using AiAssignments.Tests.InferenceTests.Support;

namespace AiAssignments.Tests.Serving.Support;

internal sealed class FakeGraph(FakeRunner runner, Action warmUp, Action shrink, Action disposed) : IServedGraph
{
    private int gone;

    public string Provider => "CPU";

    public ITokenizer? Tokenizer { get; } = new NumberTokenizer();

    public RowKind Records { get; } = new(runner, "sequence", 8, 64);

    public int MostConcurrent => 1;

    public IBatchRunner Tensors => runner;

    public bool Disposed => Volatile.Read(ref gone) > 0;

    public void WarmUp() => warmUp();

    public void Shrink() => shrink();

    public void Dispose()
    {
        Assert.Equal(1, Interlocked.Increment(ref gone));
        disposed();
    }
}
