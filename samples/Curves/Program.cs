using System.CommandLine;
using System.Globalization;
using Curves;
using Spectre.Console;
using TorchSharp;
using static TorchSharp.torch;

const int Points = 20;
const int Degree = 15;
const int Repeats = 100;
var output = new Option<string>("--output")
{
    Description = "Folder for fits.png and penalties.png.",
    HelpName = "DIR",
    DefaultValueFactory = _ => Path.Combine("artifacts", "curves"),
};
var command =
    new RootCommand("Fits polynomials to noisy points: too few weights, enough, too many, and too many with ridge, lasso and elastic net.") { output };
command.SetAction(result =>
{
    CultureInfo.CurrentCulture = CultureInfo.InvariantCulture;
    if (Console.IsOutputRedirected)
    {
        AnsiConsole.Profile.Width = 160;
    }

    var folder = result.GetRequiredValue(output);
    try
    {
        Directory.CreateDirectory(folder);
        using var scope = NewDisposeScope();
        var (x, y) = Polynomial.Points(Points, seed: 1);
        var (testX, testY) = Polynomial.Points(1000, seed: 2);
        var (target, testTarget) = (tensor(y), tensor(testY));
        double Error(double[] places, Tensor values, Tensor weights) =>
            Polynomial.MeanSquare(Polynomial.Basis(places, (int)weights.size(0) - 1), values, weights);

        var degrees = new Table().RoundedBorder().AddColumns("degree", "error on the 20 points", "error on 1000 others", "the same, median of 100 draws");
        var fits = new List<(string, Tensor)>();
        foreach (var degree in new[] { 0, 1, 3, 5, 7, 9, 12, 15 })
        {
            var weights = Polynomial.Ridge(Polynomial.Basis(x, degree), target, 0);
            degrees.AddRow($"{degree}", $"{Error(x, target, weights):F4}", $"{Error(testX, testTarget, weights):G4}", $"{Median(degree):G4}");
            if (degree is 1 or 3 or Degree)
            {
                fits.Add(($"degree {degree}", weights));
            }
        }

        AnsiConsole.Write(degrees);

        var basis = Polynomial.Basis(x, Degree);
        var penalties = new Table()
            .RoundedBorder()
            .AddColumns("degree 15", "error on the 20 points", "error on 1000 others", "weights that are 0", "largest weight");
        var penalized = new List<(string, Tensor)>();
        foreach (var (name, weights, isShown) in Fits())
        {
            penalties.AddRow(
                name,
                $"{Error(x, target, weights):F4}",
                $"{Error(testX, testTarget, weights):G4}",
                $"{(weights == 0).sum().item<long>()} of {Degree + 1}",
                $"{weights.abs().max().item<double>():F2}");
            if (isShown)
            {
                penalized.Add((name, weights));
            }
        }

        AnsiConsole.Write(penalties);

        // σ² of the noise over τ² of the weights and N points is the λ of ridge.
        const double Prior = 1;
        var ridge = Polynomial.Ridge(basis, target, Polynomial.Noise * Polynomial.Noise / (Prior * Prior * Points));
        var posterior = Posterior.Mean(basis, target, Polynomial.Noise, Prior);
        AnsiConsole.WriteLine(
            $"ridge with λ = σ²/(N τ²) and the mean of the weights given the points differ by {(ridge - posterior).abs().max().item<double>():G2}");

        File.WriteAllBytes(Path.Combine(folder, "fits.png"), Picture.Png("Too few weights, enough, too many: 20 points of a sine with noise", x, y, fits));
        File.WriteAllBytes(Path.Combine(folder, "penalties.png"), Picture.Png("Degree 15 with a penalty", x, y, penalized));
        AnsiConsole.WriteLine($"pictures  {Path.GetFullPath(folder)}");
        return 0;

        IEnumerable<(string Name, Tensor Weights, bool IsShown)> Fits()
        {
            yield return ("no penalty", Polynomial.Ridge(basis, target, 0), false);
            foreach (var lambda in new[] { 1e-4, 1e-3, 1e-2, 1e-1, 1 })
            {
                yield return ($"ridge {lambda}", Polynomial.Ridge(basis, target, lambda), lambda == 1e-2);
            }

            foreach (var l1 in new[] { 1e-3, 1e-2, 1e-1 })
            {
                yield return ($"lasso {l1}", Penalized.Fit(basis, target, l1, 0), l1 == 1e-2);
            }

            yield return ("elastic net 0.01 + 0.01", Penalized.Fit(basis, target, 0.01, 0.01), true);
        }
    }
    catch (Exception error) when (error is IOException or UnauthorizedAccessException)
    {
        Console.Error.WriteLine($"error: {error.Message}");
        return 1;
    }
});
return command.Parse(args).Invoke();

// Of other points, drawn again and again: one draw says little about a degree.
static double Median(int degree)
{
    var errors = Enumerable.Range(100, Repeats).Select(seed =>
    {
        using var scope = NewDisposeScope();
        var (x, y) = Polynomial.Points(Points, seed);
        var (testX, testY) = Polynomial.Points(1000, seed: 2);
        return Polynomial.MeanSquare(Polynomial.Basis(testX, degree), tensor(testY), Polynomial.Ridge(Polynomial.Basis(x, degree), tensor(y), 0));
    }).Order().ToList();
    return (errors[(Repeats / 2) - 1] + errors[Repeats / 2]) / 2;
}
