using AiAssignments.Embedded.Workflows;

namespace AiAssignments.CrashHost;

/// <summary>What a scenario runs on.</summary>
/// <param name="Folder">Path of the data folder; the scenario opens it.</param>
/// <param name="Observer">To be handed to the workflow engine: it ends the process at the appointed commit.</param>
/// <param name="Arguments">What followed on the command line.</param>
/// <param name="Before">Whether it ends before what is appointed, or after.</param>
public sealed record Stage(string Folder, IJournalObserver Observer, IReadOnlyList<string> Arguments, bool Before);
