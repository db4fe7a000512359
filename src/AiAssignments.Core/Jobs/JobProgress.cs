namespace AiAssignments.Core.Jobs;

/// <summary>How far a job has come.</summary>
/// <param name="JobId">Id of the job: of the evaluation, the optimization, the upload, or the dataset's while it is taken in.</param>
/// <param name="Title">For a person, for example <c>sentiment on reviews.csv</c>. Hostile: encode it.</param>
/// <param name="Stage">What is being done: <c>receiving</c>, <c>registering</c>, <c>staging</c>, <c>planning</c>, <c>scoring</c>, <c>reporting</c>, <c>completed</c>, <c>failed</c>, <c>cancelled</c>; of an optimization also <c>passing</c>, <c>ranking</c>, <c>measuring</c>, and the steps of its pass.</param>
/// <param name="Done">Units done (bytes or records, as the stage has it).</param>
/// <param name="Total">Units in all; 0 while unknown.</param>
public sealed record JobProgress(string JobId, string Title, string Stage, long Done, long Total);
