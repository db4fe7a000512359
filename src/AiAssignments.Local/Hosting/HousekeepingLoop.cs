using AiAssignments.Pipeline.Housekeeping;

namespace AiAssignments.Local.Hosting;

/// <summary>Sweeps orphaned blobs now and then, as a timer does on Azure. What a stop left behind is swept at the start already.</summary>
internal sealed class HousekeepingLoop(OrphanSweep sweep, ILogger<HousekeepingLoop> logger) : BackgroundService
{
    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        using var timer = new PeriodicTimer(sweep.Options.Every);
        while (await timer.WaitForNextTickAsync(stoppingToken).ConfigureAwait(false))
        {
            try
            {
                var swept = await sweep.RunAsync(stoppingToken).ConfigureAwait(false);
                if (swept.All > 0)
                {
                    logger.LogInformation("Orphaned blobs were removed: {Swept}", swept);
                }
            }
            catch (Exception error) when (!stoppingToken.IsCancellationRequested)
            {
                // Whatever it is: what ends this loop would end the host.
                logger.LogWarning(error, "Orphaned blobs could not be swept; the next sweep tries again");
            }
        }
    }
}
