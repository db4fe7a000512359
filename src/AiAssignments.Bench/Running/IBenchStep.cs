using AiAssignments.Bench.Table;

namespace AiAssignments.Bench.Running;

/// <summary>Something that is measured, once a round.</summary>
internal interface IBenchStep
{
    /// <summary>For a person.</summary>
    string Name { get; }

    /// <summary>Sections that it has figures of.</summary>
    IReadOnlySet<BenchSection> Sections { get; }

    /// <summary>Whether it writes to the installation.</summary>
    bool Writes { get; }

    /// <summary>Makes what every round needs; once, before the first.</summary>
    Task PrepareAsync(BenchContext context, CancellationToken cancellationToken);

    /// <summary>Measures.</summary>
    Task RunAsync(BenchContext context, int round, CancellationToken cancellationToken);

    /// <summary>Takes away what it left in the installation and on this machine; once, also after a failure. In an installation that is gone with the bench nothing needs to be.</summary>
    Task CleanAsync(BenchContext context, CancellationToken cancellationToken);
}
