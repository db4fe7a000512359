namespace AiAssignments.LoadTesting.Arrivals;

/// <summary>When requests are due. Pure: it reads no clock, and the same settings give the same times.</summary>
public interface IArrivals
{
    /// <summary>The next time a request is due.</summary>
    /// <param name="ticks">Ticks of 100 ns since the start; never less than the time before.</param>
    /// <returns><c>false</c> when there is none any more.</returns>
    bool TryNext(out long ticks);
}
