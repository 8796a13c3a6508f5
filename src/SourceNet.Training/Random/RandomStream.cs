namespace SourceNet.Training;

/// <summary>SplitMix64 (Steele et al. 2014). <see cref="System.Random"/> does not promise the same numbers from one version of .NET to the next.</summary>
/// <param name="state">Where it begins.</param>
internal struct RandomStream(ulong state)
{
    private const ulong Step = 0x9E37_79B9_7F4A_7C15;

    private ulong state = state;

    /// <summary>A number in [0, 1).</summary>
    internal double Uniform() => (Bits() >> 11) * (1.0 / (1UL << 53));

    /// <summary>A number in [low, high).</summary>
    internal double Uniform(double low, double high) => low + ((high - low) * Uniform());

    /// <summary>True with probability p.</summary>
    internal bool Chance(double p) => Uniform() < p;

    /// <summary>A whole number in [0, bound).</summary>
    internal int Below(int bound) => (int)Math.BigMul(Bits(), (ulong)bound, out _);

    /// <summary>A number of the Beta distribution with both parameters α: in [0, 1], on average 1/2.</summary>
    /// <remarks>The ratio of two Gamma numbers, taken of their logarithms: for a small α both are often below what a <see cref="double"/> can hold.</remarks>
    internal double Beta(double alpha)
    {
        var (one, other) = (LogGamma(alpha), LogGamma(alpha));
        return 1 / (1 + Math.Exp(other - one));
    }

    /// <summary>Shares of the symmetric Dirichlet distribution: at least 0, with a sum of 1.</summary>
    /// <remarks>Gamma numbers over their sum, of their logarithms as in <see cref="Beta"/>.</remarks>
    internal double[] Dirichlet(double alpha, int count)
    {
        var shares = new double[count];
        for (var place = 0; place < count; place++)
        {
            shares[place] = LogGamma(alpha);
        }

        var greatest = shares.Max();
        for (var place = 0; place < count; place++)
        {
            shares[place] = Math.Exp(shares[place] - greatest);
        }

        var sum = shares.Sum();
        for (var place = 0; place < count; place++)
        {
            shares[place] /= sum;
        }

        return shares;
    }

    /// <summary>The numbers from 0 to count − 1 in a random order (Fisher and Yates).</summary>
    internal int[] Permutation(int count)
    {
        var order = new int[count];
        for (var index = 0; index < count; index++)
        {
            var place = Below(index + 1);
            order[index] = order[place];
            order[place] = index;
        }

        return order;
    }

    /// <summary>Seeds that differ in little give numbers that differ in half of their bits.</summary>
    internal static ulong Mix(ulong bits)
    {
        bits += Step;
        bits = (bits ^ (bits >> 30)) * 0xBF58_476D_1CE4_E5B9;
        bits = (bits ^ (bits >> 27)) * 0x94D0_49BB_1331_11EB;
        return bits ^ (bits >> 31);
    }

    private ulong Bits()
    {
        var bits = Mix(state);
        state += Step;
        return bits;
    }

    /// <summary>The logarithm of a Gamma number (Marsaglia and Tsang 2000).</summary>
    private double LogGamma(double shape)
    {
        if (shape < 1)
        {
            return LogGamma(shape + 1) + (LogUniform() / shape);
        }

        var d = shape - (1.0 / 3);
        var c = 1 / Math.Sqrt(9 * d);
        while (true)
        {
            var normal = Normal();
            var root = 1 + (c * normal);
            if (root <= 0)
            {
                continue;
            }

            var v = root * root * root;
            if (LogUniform() < (normal * normal / 2) + d - (d * v) + (d * Math.Log(v)))
            {
                return Math.Log(d * v);
            }
        }
    }

    /// <summary>A number of the normal distribution (Box and Muller).</summary>
    internal double Normal() => Math.Sqrt(-2 * LogUniform()) * Math.Cos(2 * Math.PI * Uniform());

    /// <summary>The logarithm of a number in (0, 1].</summary>
    private double LogUniform() => Math.Log(1 - Uniform());
}
