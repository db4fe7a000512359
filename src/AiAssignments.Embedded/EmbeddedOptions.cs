using AiAssignments.Core.Jobs;
using AiAssignments.Embedded.Workflows;
using AiAssignments.Pipeline.Composition;
using AiAssignments.Pipeline.Remote;

namespace AiAssignments.Embedded;

/// <summary>How the embedded pipeline runs.</summary>
public sealed record EmbeddedOptions : PipelineOptions
{
    /// <summary>The data folder; made when missing. One process at a time.</summary>
    public required string DataFolder { get; init; }

    /// <summary>Where blobs lie instead of the data folder; outlives the runtime. Default: the data folder.</summary>
    public OutsideBlobs? Blobs { get; init; }

    /// <summary>Told progress, and each evaluation's end once it is in the journal. Default: nobody.</summary>
    public IProgressPublisher? Progress { get; init; }

    /// <summary>Inference servers that answer predictions of the models they have; <c>null</c>, the default: this process answers all.</summary>
    public RemoteOptions? InferenceServers { get; init; }

    /// <summary>Most shards of one evaluation under way at once; 1..64. Default: 2, so that one is read and tokenized while another is scored.</summary>
    public int Width { get; init; } = 2;

    /// <summary>Told of each journal commit; for crash tests. Default: none.</summary>
    public IJournalObserver? JournalObserver { get; init; }

    /// <summary>Makes a blob's unfinished file; for crash tests. Default: a plain file.</summary>
    internal Func<string, Stream>? CreateTemporary { get; init; }
}
