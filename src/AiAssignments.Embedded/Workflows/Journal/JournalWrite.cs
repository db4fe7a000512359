using AiAssignments.Core.Errors;

namespace AiAssignments.Embedded.Workflows.Journal;

/// <summary>One change of the journal, whole or not at all. The calls come on the writer's thread in the order of the writes; they must be short.</summary>
/// <param name="Apply">Makes the change.</param>
/// <param name="Committed">It is durable.</param>
/// <param name="Failed">It was not made, and neither was anything else of it.</param>
/// <param name="Abandoned">Asked first: <c>true</c> when the writer of the change stopped because an earlier one failed.</param>
internal sealed record JournalWrite(Action<JournalTables> Apply, Action Committed, Action<ProblemException> Failed, Func<bool>? Abandoned = null);
