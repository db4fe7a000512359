using AiAssignments.Evaluation.Results;

namespace AiAssignments.Bench.Table;

/// <summary>The performance table of one installation.</summary>
public sealed record BenchTable
{
    /// <summary>The shape of this document that is read and written.</summary>
    public const string CurrentSchema = "1.0";

    /// <summary>Version of the shape of this document.</summary>
    public string Schema { get; init; } = CurrentSchema;

    /// <summary>When the measuring began, UTC.</summary>
    public required DateTimeOffset StartedAt { get; init; }

    /// <summary>Seconds it took in all.</summary>
    public required double Seconds { get; init; }

    /// <summary><c>private</c> for one that was started for the purpose, else its URL without a path.</summary>
    public required string Installation { get; init; }

    /// <summary>Whether the short runs were asked for.</summary>
    public required bool Quick { get; init; }

    /// <summary>How often everything was measured.</summary>
    public required int Rounds { get; init; }

    /// <summary>The machine that measured, and unless <see cref="Installation"/> is another machine's, the one that was measured.</summary>
    public required MachineFacts Machine { get; init; }

    /// <summary>The sections that were asked for; <c>null</c>: those that have rows.</summary>
    public IReadOnlyList<BenchSection>? Sections { get; init; }

    /// <summary>Whether nothing was written to the installation.</summary>
    public bool ReadOnly { get; init; }

    /// <summary>Tokens a text of the BERT shapes; <c>null</c>: not told.</summary>
    public int? Tokens { get; init; }

    /// <summary><c>Release</c> or <c>Debug</c>, as this program was built; <c>null</c>: not told.</summary>
    public string? Build { get; init; }

    /// <summary>What could not be measured to its end; <see cref="Notes"/> tell why.</summary>
    public IReadOnlyList<string> Failed { get; init; } = [];

    /// <summary>The load of each service's response times, by its id.</summary>
    public IReadOnlyDictionary<string, BenchLoad> Loads { get; init; } = new Dictionary<string, BenchLoad>();

    /// <summary>The figures, by section.</summary>
    public required IReadOnlyList<BenchRow> Rows { get; init; }

    /// <summary>What a reader has to know.</summary>
    public IReadOnlyList<string> Notes { get; init; } = [];
}
