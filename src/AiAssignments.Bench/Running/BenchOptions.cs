using AiAssignments.Bench.Table;

namespace AiAssignments.Bench.Running;

/// <summary>What is measured, and for how long.</summary>
public sealed record BenchOptions
{
    /// <summary>Path of the local host's assembly, which is started where <see cref="Url"/> is <c>null</c>.</summary>
    public string? Host { get; init; }

    /// <summary>A running installation; <c>null</c>, the default: one is started for the purpose.</summary>
    public string? Url { get; init; }

    /// <summary>API key of that one; <c>null</c>: none.</summary>
    public string? Key { get; init; }

    /// <summary>Whether it may be on another machine. Default: refused.</summary>
    public bool AllowRemote { get; init; }

    /// <summary>Whether its certificate need not be valid.</summary>
    public bool AnyCertificate { get; init; }

    /// <summary>Whether nothing is written to it: no uploads, no evaluations, no memory profiles.</summary>
    public bool ReadOnly { get; init; }

    /// <summary>The sections; default all.</summary>
    public IReadOnlySet<BenchSection> Sections { get; init; } = BenchSections.All.ToHashSet();

    /// <summary>Short runs with less load: some tens of seconds in all.</summary>
    public bool Quick { get; init; }

    /// <summary>How long and how hard; <c>null</c>: by <see cref="Quick"/>. For tests.</summary>
    internal BenchPace? Pace { get; init; }

    /// <summary>How often everything is measured, 1 to 100; <c>null</c>: 3.</summary>
    public int? Rounds { get; init; }

    /// <summary>After this no further round begins that would end later; the first is always measured, and with a <see cref="Baseline"/> the first three. Default: 8 minutes, or 90 seconds with <see cref="Quick"/>.</summary>
    public TimeSpan? MostTime { get; init; }

    /// <summary>Tokens a text of the BERT shapes, 8 to 512; default 128.</summary>
    public int Tokens { get; init; } = 128;

    /// <summary>ONNX files in the place of random weights, by shape: <c>bert-base</c>, <c>distilbert</c>. Their inputs are token ids, an attention mask and token types, each <c>[batch, tokens]</c>.</summary>
    public IReadOnlyDictionary<string, string> Weights { get; init; } = new Dictionary<string, string>();

    /// <summary>What is wished for, by figure.</summary>
    public IReadOnlyDictionary<string, double> Targets { get; init; } = Bench.Targets.BenchTargets.Defaults;

    /// <summary>A table whose loads are offered again, so that response times can be compared; <c>null</c>: loads are found.</summary>
    public BenchTable? Baseline { get; init; }
}
