using AiAssignments.Core.Jobs;
using AiAssignments.Core.Storage;
using AiAssignments.Pipeline.Datasets;
using AiAssignments.Pipeline.Drops;
using AiAssignments.Pipeline.Models;
using AiAssignments.Pipeline.Models.Quality;
using AiAssignments.Pipeline.Optimizations;

namespace AiAssignments.Pipeline.Workflows;

/// <summary>What the steps of the workflows work with.</summary>
public sealed record PipelineParts
{
    /// <summary>The blobs.</summary>
    public required IBlobStore Blobs { get; init; }

    /// <summary>The documents.</summary>
    public required IDocumentStore Documents { get; init; }

    /// <summary>The models.</summary>
    public required ModelRegistry Models { get; init; }

    /// <summary>The datasets.</summary>
    public required Ingestion Datasets { get; init; }

    /// <summary>Brings a version's files to this machine.</summary>
    public required ModelFiles Files { get; init; }

    /// <summary>Where passes work.</summary>
    public required PassFolders PassFolders { get; init; }

    /// <summary>The models that score.</summary>
    public required ScorerPool Scorers { get; init; }

    /// <summary>What is known of models' quality.</summary>
    public required QualityLedger Quality { get; init; }

    /// <summary>Told how far steps are.</summary>
    public required IProgressPublisher Progress { get; init; }

    /// <summary>The clock.</summary>
    public required TimeProvider Time { get; init; }

    /// <summary>The containers of drops, where events tell of them. Default: none.</summary>
    public IDropIntake? Drops { get; init; }

    /// <summary>How long a model runs before it is the other's turn when an optimization measures speed. Default: the activity's own.</summary>
    public TimeSpan? MeasuringTurn { get; init; }
}
