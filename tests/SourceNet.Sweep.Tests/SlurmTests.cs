using System.Diagnostics;

namespace SourceNet.Sweep.Tests;

/// <summary>A cluster of this machine alone, with Debian's <c>slurm-wlm</c>, as root: <c>SOURCENET_SLURM=1</c>.</summary>
public sealed class SlurmTests
{
    [SlurmFact]
    public async Task Job_arrays_of_slurm_run_all_trials_and_search()
    {
        using var folder = new TemporaryFolder();
        var file = Sweeps.Write(folder, "crash once");
        Assert.Equal(0, (await Sweeps.ToolAsync("emit", "slurm", file, "--parallel", "2")).ExitCode);
        using var searched = new TemporaryFolder();
        var search = Sweeps.WriteSearch(searched, "\"method\": \"tpe\", \"trials\": 8, \"start\": 3", "\"halving\": { \"least\": 1, \"most\": 9 },");
        Assert.Equal(0, (await Sweeps.ToolAsync("emit", "slurm", search, "--parallel", "2")).ExitCode);
        var tool = Path.Combine(AppContext.BaseDirectory, "sourcenet-sweep.dll");
        // Paths without spaces: the daemons' own files take none.
        var cluster = Directory.CreateTempSubdirectory("sourcenet-slurm-").FullName;
        var host = Environment.MachineName.Split('.')[0];
        await File.WriteAllTextAsync(Path.Combine(cluster, "slurm.conf"), $"""
            ClusterName=test
            SlurmctldHost={host}
            SlurmUser=root
            AuthType=auth/munge
            SlurmctldPort=16817
            SlurmdPort=16818
            StateSaveLocation={cluster}/state
            SlurmdSpoolDir={cluster}/spool
            SlurmctldPidFile={cluster}/slurmctld.pid
            SlurmdPidFile={cluster}/slurmd.pid
            ProctrackType=proctrack/linuxproc
            TaskPlugin=task/none
            SelectType=select/cons_tres
            SelectTypeParameters=CR_Core
            MpiDefault=none
            ReturnToService=2
            NodeName={host} CPUs=2 RealMemory=1000 State=UNKNOWN
            PartitionName=all Nodes=ALL Default=YES MaxTime=INFINITE State=UP

            """);
        try
        {
            await BashAsync(
                cluster,
                "mkdir state spool; pgrep munged || { mkdir -p /run/munge; chown munge: /run/munge; su munge -s /bin/sh -c /usr/sbin/munged; }; until munge "
                    + "-n; do sleep 0.2; done");
            await BashAsync(cluster, "slurmctld -L ctld.log; slurmd -L slurmd.log; until sinfo; do sleep 0.2; done");

            (string Name, string Value)[] variables = [("SLURM_CONF", $"{cluster}/slurm.conf"), ("SOURCENET_SWEEP", $"dotnet {tool}")];
            await BashAsync(folder.Path, "sbatch --wait test-sweep.slurm", variables);
            await BashAsync(searched.Path, "sbatch --wait test-search.slurm", variables);

            var (code, output, _) = await Sweeps.ToolAsync("results", file);
            Assert.Equal(0, code);
            Assert.Contains("│ 0.5  │     2 │ 6.50 ± 0.71 │", output, StringComparison.Ordinal);
            (code, output, _) = await Sweeps.ToolAsync("results", search);
            Assert.Equal(0, code);
            Assert.Matches("search   tpe, 8 of 8 settings, [1-7] of 8 trials stopped", output);
            Assert.Equal(
                8,
                Directory.GetFiles(searched.File("results/search"), "*.json", SearchOption.AllDirectories).Select(File.ReadAllText).Distinct().Count());
        }
        finally
        {
            await BashAsync(cluster, "kill $(cat slurmd.pid slurmctld.pid); while pgrep -x slurmctld; do sleep 0.2; done");
            Directory.Delete(cluster, recursive: true);
        }
    }

    private static async Task BashAsync(string folder, string script, params (string Name, string Value)[] variables)
    {
        var start = new ProcessStartInfo("bash", ["-c", script])
        {
            WorkingDirectory = folder,
            RedirectStandardOutput = true,
            Environment = { ["SLURM_CONF"] = $"{folder}/slurm.conf" }
        };
        foreach (var (name, value) in variables)
        {
            start.Environment[name] = value;
        }

        using var timeout = new CancellationTokenSource(TimeSpan.FromMinutes(2));
        using var process = Process.Start(start)!;
        // Not read to its end: daemons keep the pipe open.
        process.OutputDataReceived += (_, _) => { };
        process.BeginOutputReadLine();
        while (!process.HasExited)
        {
            await Task.Delay(100, timeout.Token);
        }
    }

    private sealed class SlurmFactAttribute : FactAttribute
    {
        public SlurmFactAttribute() =>
            Skip = Environment.GetEnvironmentVariable("SOURCENET_SLURM") == "1" ? null : "SOURCENET_SLURM=1 runs it: as root, with Debian's slurm-wlm.";
    }
}
