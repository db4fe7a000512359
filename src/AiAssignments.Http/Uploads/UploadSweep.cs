using AiAssignments.Core.Errors;
using AiAssignments.Pipeline.Uploads;
using AiAssignments.Pipeline.Uploads.Models;
using Microsoft.Extensions.Hosting;

namespace AiAssignments.Http.Uploads;

/// <summary>At the start: removes what a stop left behind and goes on registering what was received. Later: removes the expired, now and then.</summary>
internal sealed class UploadSweep(UploadDesk desk, ModelIntake models, TimeProvider time, ILogger<UploadSweep> logger) : BackgroundService
{
    public override async Task StartAsync(CancellationToken cancellationToken)
    {
        try
        {
            models.Sweep();
            await desk.SweepAsync(cancellationToken).ConfigureAwait(false);
            await desk.ResumeAsync(cancellationToken).ConfigureAwait(false);
        }
        catch (IOException error)
        {
            throw new ProblemException(new Problem("storage-unreachable", $"What was received before could not be looked through: {error.Message}"), error);
        }

        await base.StartAsync(cancellationToken).ConfigureAwait(false);
    }

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        using var timer = new PeriodicTimer(desk.Options.SweepEvery, time);
        while (await timer.WaitForNextTickAsync(stoppingToken).ConfigureAwait(false))
        {
            try
            {
                await desk.SweepAsync(stoppingToken).ConfigureAwait(false);
            }
            catch (Exception error) when (!stoppingToken.IsCancellationRequested)
            {
                // Whatever it is: what ends this loop would end the host.
                logger.LogWarning(error, "Expired uploads could not be swept; the next sweep tries again");
            }
        }
    }
}
