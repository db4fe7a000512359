using System.Globalization;
using AiAssignments.Core.Models;

namespace AiAssignments.Pipeline.Optimizations.Passes;

/// <summary>Fewer weights.</summary>
public sealed record PruneSpec : PassSpec
{
    /// <summary>
    /// <c>unstructured</c> (default): the smallest weights of all layers together become zero; <c>per-layer</c>: of each layer; <c>n-m</c>: of each group of <see cref="M"/>
    /// weights all but the <see cref="N"/> largest; <c>structured</c>: whole attention heads, feed-forward rows and convolution channels leave the graph.
    /// </summary>
    public string Mode { get; init; } = "unstructured";

    /// <summary>Share of the weights (or of the heads, rows and channels), above 0 and below 1. Default 0.2. Not used by <c>n-m</c>.</summary>
    public double Amount { get; init; } = 0.2;

    /// <summary>Weights kept of each group, 1..M - 1. Default 2.</summary>
    public int N { get; init; } = 2;

    /// <summary>Weights of a group, 2..64. Default 4.</summary>
    public int M { get; init; } = 4;

    /// <summary><c>unstructured</c> and <c>per-layer</c>: embedding tables are pruned too. Default <c>false</c>: weights of products and convolutions alone.</summary>
    public bool Embeddings { get; init; }

    /// <summary><c>structured</c>: the number of a convolution's channels that stay is rounded to a multiple of this, 1..64, for kernels that compute channels in blocks of 8 or 16. Default 1.</summary>
    public int ChannelMultiple { get; init; } = 1;

    /// <summary>Only these nodes, by name; <c>*</c> stands for any characters, <c>?</c> for one. Empty (default): all that the pass knows. At most 1,000.</summary>
    public IReadOnlyList<string> Include { get; init; } = [];

    /// <summary>Nodes to leave alone, by name; <c>*</c> stands for any characters, <c>?</c> for one. At most 1,000.</summary>
    public IReadOnlyList<string> Exclude { get; init; } = [];

    internal override string Kind => "prune";

    internal override string? OwnDatasetId => null;

    internal override string Describe()
    {
        var amount = Mode == "n-m" ? string.Create(CultureInfo.InvariantCulture, $"{N}:{M}") : Amount.ToString(CultureInfo.InvariantCulture);
        return amount + (Embeddings ? " embeddings" : string.Empty) + (ChannelMultiple > 1 ? string.Create(CultureInfo.InvariantCulture, $" channels-of={ChannelMultiple}") : string.Empty) + (Include.Count > 0 ? $" include={string.Join('|', Include)}" : string.Empty) + (Exclude.Count > 0 ? $" exclude={string.Join('|', Exclude)}" : string.Empty);
    }

    internal override void Check(ModelTask task)
    {
        SpecCheck.OneOf(Mode, "mode", "unstructured", "per-layer", "n-m", "structured");
        SpecCheck.Within(Amount is > 0 and < 1, "amount", Amount, "above 0 and below 1");
        SpecCheck.Within(M is >= 2 and <= 64, "m", M, "2 to 64");
        SpecCheck.Within(N >= 1 && N < M, "n", N, "1 to m - 1");
        SpecCheck.Only(Amount is 0.2 || Mode != "n-m", "amount", Mode);
        SpecCheck.Only((N, M) == (2, 4) || Mode == "n-m", "n and m", Mode);
        SpecCheck.Within(ChannelMultiple is >= 1 and <= 64, "channelMultiple", ChannelMultiple, "1 to 64");
        SpecCheck.Only(ChannelMultiple == 1 || Mode == "structured", "channelMultiple", Mode);
        SpecCheck.Only(!Embeddings || Mode is "unstructured" or "per-layer", "embeddings", Mode);
        SpecCheck.Patterns(Include, "include");
        SpecCheck.Patterns(Exclude, "exclude");
    }
}
