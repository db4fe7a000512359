using AiAssignments.Core.Models;
using AiAssignments.Inference.Models;
using AiAssignments.Inference.Scoring;
using AiAssignments.Inference.Tokenization;

namespace AiAssignments.Inference.Serving.Graphs;

/// <summary>Loads models into ONNX Runtime.</summary>
internal sealed class GraphLoader(LanePlan plan, TimeProvider time) : IGraphLoader
{
    // Beside its weights a session has its arena, its plan and the tokenizer's tables.
    private const long Beside = 24L << 20;

    /// <inheritdoc />
    /// <remarks>Weights that kernels pack anew are in memory twice while the session is made, and a little over once afterwards.</remarks>
    public long Estimate(ModelPackage package) => (package.Signature.SizeBytes * 5 / 4) + Beside;

    /// <inheritdoc />
    public IServedGraph Load(ModelPackage package)
    {
        ITokenizer? tokenizer = null;
        if (package.Card.Task != ModelTask.ImageClassification)
        {
            tokenizer = TokenizerLoader.Load(package.TokenizerFolder, package.Card.Tokenizer!);
            ModelScorer.CheckTokenizer(package, tokenizer);
        }

        return ServedGraph.Open(package, tokenizer, plan, time);
    }
}
