namespace AiAssignments.Inference.Serving.Batching;

/// <summary>Runs batches of one kind of rows. Called by several lanes side by side.</summary>
internal interface IBatchRunner
{
    /// <summary>Runs the rows together and gives each its result.</summary>
    /// <param name="rows">1 or more rows of this runner's kind; not kept.</param>
    /// <returns>The time in the graph.</returns>
    /// <exception cref="Core.Errors.ProblemException">The graph failed; no row has a result.</exception>
    TimeSpan Run(List<QueuedRow> rows);
}
